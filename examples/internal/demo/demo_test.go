package demo_test

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/examples/internal/demo"
)

// A program may hang where no context reaches. The test runs itself for that.
func TestTheSecondCtrlCEndsAProgramThatHangs(t *testing.T) {
	if os.Getenv("DEMO_TEST_HANG") != "" {
		demo.Main("test", func(context.Context, []string, io.Writer, io.Writer) error {
			fmt.Println("ready")
			select {}
		})
	}
	program := exec.Command(os.Args[0], "-test.run=^TestTheSecondCtrlCEndsAProgramThatHangs$")
	program.Env = append(os.Environ(), "DEMO_TEST_HANG=yes")
	stdout, err := program.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, program.Start())
	defer func() { _ = program.Process.Kill() }()
	_, err = io.ReadFull(stdout, make([]byte, len("ready\n")))
	require.NoError(t, err)
	ended := make(chan error, 1)
	go func() { ended <- program.Wait() }()
	require.Eventually(t, func() bool {
		_ = program.Process.Signal(os.Interrupt) // fails when it has ended
		return len(ended) > 0
	}, 10*time.Second, 10*time.Millisecond)
	require.EqualError(t, <-ended, "signal: interrupt")
}
