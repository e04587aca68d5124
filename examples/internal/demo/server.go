package demo

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"time"
)

// Server is an HTTP server that runs until it is closed.
type Server struct {
	URL  string
	http *http.Server
	done chan struct{}
}

// Serve listens at once, so that a port in use is an error here, and serves in the background.
func Serve(addr string, handler http.Handler) (*Server, error) {
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("cannot serve on %s: %w", addr, err)
	}
	s := &Server{
		URL:  "http://" + listener.Addr().String(),
		http: &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second},
		done: make(chan struct{}),
	}
	go func() {
		defer close(s.done)
		_ = s.http.Serve(listener) // returns when it is closed
	}()
	return s, nil
}

// grace is how long an answer that is on its way may take when the server is closed.
const grace = 300 * time.Millisecond

// Close ends the event streams, which end by themselves on a shutdown, and after a short while whatever is still open,
// such as a connection that a browser has made to have one at hand.
func (s *Server) Close() {
	ctx, cancel := context.WithTimeout(context.Background(), grace)
	defer cancel()
	if s.http.Shutdown(ctx) != nil {
		_ = s.http.Close()
	}
	<-s.done
}
