//go:build unix

package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync"
)

// serveEvents is the server's process: it prints its address and serves until its standard input ends.
// Every request of /events is held open; one of /send has it send the events to all of them.
func serveEvents(n, events int) error {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Println(listener.Addr())
	start := make(chan struct{})
	begin := sync.OnceFunc(func() { close(start) })
	mux := http.NewServeMux()
	mux.HandleFunc("/send", func(http.ResponseWriter, *http.Request) { begin() })
	mux.HandleFunc("/events", func(w http.ResponseWriter, r *http.Request) { hold(w, r, start, events) })
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		os.Exit(0)
	}()
	return http.Serve(listener, mux)
}

// hold answers one subscription: the headers at once, the events when start is closed, and then nothing more until
// the client goes.
func hold(w http.ResponseWriter, r *http.Request, start <-chan struct{}, events int) {
	w.Header().Set("Content-Type", "text/event-stream")
	controller := http.NewResponseController(w)
	if controller.Flush() != nil {
		return
	}
	select {
	case <-start:
	case <-r.Context().Done():
		return
	}
	for i := range events {
		fmt.Fprintf(w, "id: %d\nevent: price\ndata: {\"symbol\":\"RVLT\",\"price\":%d}\n\n", i, 1000+i)
		if controller.Flush() != nil {
			return
		}
	}
	<-r.Context().Done()
}

// server is the other process, seen from this one.
type server struct {
	url   string
	stdin io.Closer
	cmd   *exec.Cmd
}

func startServer(n, events int) (*server, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(self, "-serve", fmt.Sprintf("-n=%d", n), fmt.Sprintf("-events=%d", events))
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
	address, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		return nil, fmt.Errorf("the server did not start: %w", err)
	}
	return &server{"http://" + strings.TrimSpace(address), stdin, cmd}, nil
}

// send makes the server send its events.
func (s *server) send() error {
	defer http.DefaultClient.CloseIdleConnections()
	response, err := http.Post(s.url+"/send", "", nil)
	if err != nil {
		return err
	}
	return response.Body.Close()
}

func (s *server) stop() {
	_ = s.stdin.Close()
	_ = s.cmd.Wait()
}
