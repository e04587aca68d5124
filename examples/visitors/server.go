package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"time"
)

// server is an HTTP server that runs until it is closed.
type server struct {
	url  string
	http *http.Server
	done chan struct{}
}

// serve listens at once, so that a port in use is an error here, and serves in the background.
func serve(addr string, handler http.Handler) (*server, error) {
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("cannot serve on %s: %w", addr, err)
	}
	s := &server{
		url:  "http://" + listener.Addr().String(),
		http: &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second},
		done: make(chan struct{}),
	}
	go func() {
		defer close(s.done)
		_ = s.http.Serve(listener) // returns when it is closed
	}()
	return s, nil
}

// close ends the event streams by themselves and, after a second, whatever is still open.
func (s *server) close() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	if s.http.Shutdown(ctx) != nil {
		_ = s.http.Close()
	}
	<-s.done
}
