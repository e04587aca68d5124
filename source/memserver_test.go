package source_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/rivulet-go/rivulet/internal/memnet"
	"github.com/rivulet-go/rivulet/source"
)

// memServer is an HTTP server that is reached through memory rather than the network, so that it works within a
// synctest bubble, where the time that passes is that of the bubble.
type memServer struct {
	URL    string
	Client *http.Client
	Dials  atomic.Int32 // connections made so far
	Closed atomic.Int32 // connections whose end the server has seen

	listener *memnet.Listener
}

// newMemServer starts a server, which ends with the test.
func newMemServer(t *testing.T, handler http.HandlerFunc) *memServer {
	t.Helper()
	s := &memServer{URL: "http://events.test/stream", listener: memnet.Listen()}
	transport := &http.Transport{DialContext: s.Dial}
	s.Client = &http.Client{Transport: transport}
	server := &http.Server{
		Handler:   handler,
		ConnState: s.count,
		ErrorLog:  slog.NewLogLogger(slog.DiscardHandler, slog.LevelError),
	}
	served := make(chan struct{})
	go func() {
		defer close(served)
		_ = server.Serve(s.listener)
	}()
	t.Cleanup(func() {
		transport.CloseIdleConnections()
		_ = server.Close()
		<-served
	})
	return s
}

// Dial connects to the server, whatever the address.
func (s *memServer) Dial(ctx context.Context, network, address string) (net.Conn, error) {
	conn, err := s.listener.Dial(ctx, network, address)
	if err == nil {
		s.Dials.Add(1)
	}
	return conn, err
}

func (s *memServer) count(_ net.Conn, state http.ConnState) {
	if state == http.StateClosed {
		s.Closed.Add(1)
	}
}

// Options are opts after those for the client of the server and for no log.
func (s *memServer) Options(opts ...source.Option) []source.Option {
	quiet := source.WithLogger(slog.New(slog.DiscardHandler))
	return append([]source.Option{source.WithHTTPClient(s.Client), quiet}, opts...)
}

// Default makes the server what the default client reaches, for as long as the test runs.
func (s *memServer) Default(t *testing.T) {
	t.Helper()
	defaultDial(t, s.Dial)
}

// defaultDial makes a client without settings connect in this way, for the time of the test.
func defaultDial(t *testing.T, dial func(ctx context.Context, network, address string) (net.Conn, error)) {
	t.Helper()
	before := http.DefaultTransport
	http.DefaultTransport = &http.Transport{DialContext: dial}
	t.Cleanup(func() { http.DefaultTransport = before })
}

// send writes to an event stream, and flushes.
func send(w http.ResponseWriter, text string) {
	if w.Header().Get("Content-Type") == "" {
		w.Header().Set("Content-Type", "text/event-stream")
	}
	_, _ = io.WriteString(w, text)
	w.(http.Flusher).Flush()
}

// hold keeps a stream open until the client leaves or the server closes.
func hold(r *http.Request) { <-r.Context().Done() }

// stream answers every request with these bytes and holds the stream open.
func stream(format string, args ...any) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		send(w, fmt.Sprintf(format, args...))
		hold(r)
	}
}

// answers gives one answer after the other, and the last again and again.
func answers(handlers ...http.HandlerFunc) http.HandlerFunc {
	var mu sync.Mutex
	return func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		handler := handlers[0]
		if len(handlers) > 1 {
			handlers = handlers[1:]
		}
		mu.Unlock()
		handler(w, r)
	}
}
