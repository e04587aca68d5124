package demo_test

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
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

func TestPrintable(t *testing.T) {
	for text, want := range map[string]string{
		"Ghana 🇬🇭": "Ghana 🇬🇭", "👩\u200d🚀": "👩\u200d🚀", "\x1b[31mred": "[31mred", "a\nb\tc": "ab\tc",
		"\u009b2J": "2J",
		"\x00\x7f": "", "a\u202eb\u2066c": "abc",
	} {
		require.Equal(t, want, demo.Printable(text, "\t"))
	}
}

func TestLines(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var got []string
	for line := range demo.Lines(ctx, strings.NewReader("a\n b \n\nc")) {
		got = append(got, line)
	}
	require.Equal(t, []string{"a", "b", "", "c"}, got)

	keys, keyboard := io.Pipe()
	lines := demo.Lines(ctx, keys)
	cancel()
	_, err := io.WriteString(keyboard, "nobody takes it\n")
	require.NoError(t, err)
	for line := range lines { // the line may be there, but the end is
		require.Equal(t, "nobody takes it", line)
	}
}
