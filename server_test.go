package rivulet_test

import (
	"context"
	"io"
	"net/http"
	"sync/atomic"
)

// server is a server that lives in the bubble of a test: it answers the n-th request, counted from 1, with the events
// that answer returns, and holds the connection until it is dropped.
type server struct {
	answer   func(n int, r *http.Request) (status int, events string)
	requests atomic.Int32
	open     atomic.Int32
	drop     chan struct{} // ends one connection
}

// newServer returns a server without a request.
func newServer(answer func(n int, r *http.Request) (int, string)) *server {
	return &server{answer: answer, drop: make(chan struct{})}
}

// RoundTrip makes the server the transport of a client.
func (s *server) RoundTrip(r *http.Request) (*http.Response, error) {
	status, events := s.answer(int(s.requests.Add(1)), r)
	reader, writer := io.Pipe()
	s.open.Add(1)
	go func() {
		defer s.open.Add(-1)
		_, _ = io.WriteString(writer, events)
		select {
		case <-s.drop:
			_ = writer.Close()
		case <-r.Context().Done():
			_ = writer.CloseWithError(context.Cause(r.Context()))
		}
	}()
	header := http.Header{"Content-Type": {"text/event-stream"}}
	return &http.Response{StatusCode: status, Header: header, Body: reader, Request: r}, nil
}

// always answers every request alike.
func always(events string) func(int, *http.Request) (int, string) {
	return func(int, *http.Request) (int, string) { return http.StatusOK, events }
}

// roundTripper is a transport that is a function, for answers that no server gives.
type roundTripper func(*http.Request) (*http.Response, error)

// RoundTrip calls f.
func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
