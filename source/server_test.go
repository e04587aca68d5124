package source_test

import (
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

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
	return append([]source.Option{source.WithHTTPClient(s.Client), quiet}, opts...)
}

// Default makes the server what the default client reaches, for as long as the test runs.
func (s *memServer) Default(t *testing.T) {
	t.Helper()
	withTransport(t, &http.Transport{DialContext: s.Dial})
}

// quiet is the option for no log.
var quiet = source.WithLogger(slog.New(slog.DiscardHandler))

// withTransport makes a transport that of the default client, for as long as the test runs.
func withTransport(t *testing.T, transport http.RoundTripper) {
	before := http.DefaultTransport
	http.DefaultTransport = transport
	t.Cleanup(func() { http.DefaultTransport = before })
}

// roundTripper is a transport that is a function.
type roundTripper func(*http.Request) (*http.Response, error)

// RoundTrip calls f with a request as a client makes it.
func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.RequestURI = ""
	return f(r)
}

// recorder records the requests that a server gets.
type recorder struct {
	mu    sync.Mutex
	asked []request
}

// request is one request as the server saw it.
type request struct {
	*http.Request
	at   time.Time
	body string
}

// note records each request before next answers it.
func (r *recorder) note(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, asked *http.Request) {
		body, _ := io.ReadAll(asked.Body)
		r.mu.Lock()
		r.asked = append(r.asked, request{asked, time.Now(), string(body)})
		r.mu.Unlock()
		next(w, asked)
	}
}

// requests are those that came so far.
func (r *recorder) requests() []request {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.asked)
}

// bodies are those of the requests that came so far.
func (r *recorder) bodies() (all []string) {
	for _, asked := range r.requests() {
		all = append(all, asked.body)
	}
	return all
}
