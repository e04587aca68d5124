package durable_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/durable/embedded"
)

// The environment of the test binary when it is a server. A process of its own is what a test can kill.
const (
	serverAddr = "DURABLE_TEST_SERVER_ADDR"
	serverDir  = "DURABLE_TEST_SERVER_DIR"
)

// serveAsChild serves until standard input ends, which it does with the parent.
func serveAsChild() {
	s, err := embedded.Start(embedded.WithAddr(os.Getenv(serverAddr)), embedded.WithDir(os.Getenv(serverDir)))
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println("ready")
	_, _ = io.Copy(io.Discard, os.Stdin)
	_ = s.Close()
}

// child is a server in a process of its own, with a file store.
type child struct {
	t    testing.TB
	addr string
	dir  string
	cmd  *exec.Cmd
	in   io.Closer
}

func newChild(t testing.TB) *child {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, listener.Close())
	c := &child{t: t, addr: listener.Addr().String(), dir: t.TempDir()}
	require.NoError(t, c.start())
	t.Cleanup(c.kill)
	return c
}

func (c *child) url() string { return "nats://" + c.addr }

func (c *child) start() error {
	c.cmd = exec.Command(os.Args[0])
	c.cmd.Env = append(os.Environ(), serverAddr+"="+c.addr, serverDir+"="+c.dir)
	c.cmd.Stderr = os.Stderr
	in, err := c.cmd.StdinPipe()
	if err != nil {
		return err
	}
	out, err := c.cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := c.cmd.Start(); err != nil {
		return err
	}
	c.in = in
	_, err = bufio.NewReader(out).ReadString('\n')
	return err
}

// kill is SIGKILL: the server has no time to write anything.
func (c *child) kill() {
	_ = c.cmd.Process.Kill()
	_ = c.cmd.Wait()
	_ = c.in.Close()
}
