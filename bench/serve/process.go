//go:build unix

package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"time"

	"github.com/rivulet-go/rivulet/bench/internal/usage"
)

// server is the other process, seen from this one. It takes commands as lines on its standard input.
type server struct {
	address string
	stdin   io.WriteCloser
	stdout  *bufio.Reader
	cmd     *exec.Cmd
	allowed int
}

func start(name string, window int) (*server, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(self, "-serve="+name, fmt.Sprintf("-window=%d", window))
	cmd.Stderr = os.Stderr
	stdin, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	s := &server{stdin: stdin, stdout: bufio.NewReader(stdout), cmd: cmd}
	line, err := s.stdout.ReadString('\n')
	s.address = strings.TrimSpace(line)
	return s, err
}

// ask sends a line and scans the answer.
func (s *server) ask(line string, answer ...any) error {
	if _, err := fmt.Fprintln(s.stdin, line); err != nil {
		return err
	}
	_, err := fmt.Fscanln(s.stdout, answer...)
	return err
}

// usage is what the server holds after a garbage collection.
func (s *server) usage() (u usage.Usage, err error) {
	err = s.ask("usage", &u.Goroutines, &u.Resident, &u.InUse)
	return u, err
}

// cpu is the processor time that the server has used so far.
func (s *server) cpu() (used time.Duration, err error) {
	var nanoseconds int64
	err = s.ask("cpu", &nanoseconds)
	return time.Duration(nanoseconds), err
}

// allow says how many items the server may have published in all.
func (s *server) allow(items int) {
	if items > s.allowed {
		s.allowed = items
		fmt.Fprintln(s.stdin, "allow", items)
	}
}

// pace has the server publish bursts until it has published so many items in all.
func (s *server) pace(items, burst int, every time.Duration) {
	s.allowed = items
	fmt.Fprintln(s.stdin, "pace", items, burst, int64(every))
}

func (s *server) stop() {
	_ = s.stdin.Close()
	_ = s.cmd.Wait()
}
