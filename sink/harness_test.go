package sink_test

import (
	"bufio"
	"flag"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/internal/memnet"
	"github.com/rivulet-go/rivulet/source"
)

var full = flag.Bool("full", false, "run the tests of many clients in full size, which takes minutes")

// size returns the size of a test, in full or by default.
func size(inFull, byDefault int) int {
	if *full {
		return inFull
	}
	return byDefault
}

// serve is the URL of a server on a socket.
func serve(t *testing.T, handler http.Handler) string {
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return server.URL
}

// memory is a server in memory, which works within a bubble.
type memory struct {
	*http.Server
	client   *http.Client
	listener *memnet.Listener
}

const memoryURL = "http://sink.test"

// serveInMemory serves by HTTP/1.1, or by HTTP/2 alone.
func serveInMemory(t *testing.T, handler http.Handler, http2 bool, settings ...func(*http.Server)) memory {
	t.Helper()
	var protocols http.Protocols
	protocols.SetHTTP1(!http2)
	protocols.SetUnencryptedHTTP2(http2)
	listener := memnet.Listen()
	transport := &http.Transport{
		DialContext: listener.Dial, Protocols: &protocols,
		HTTP2: &http.HTTP2Config{MaxReceiveBufferPerStream: 64 << 10}, // a client that does not read is noticed soon
	}
	server := &http.Server{
		Handler: handler, Protocols: &protocols, ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelError),
	}
	for _, set := range settings {
		set(server)
	}
	served := make(chan struct{})
	go func() {
		defer close(served)
		_ = server.Serve(listener)
	}()
	t.Cleanup(func() {
		transport.CloseIdleConnections()
		_ = server.Close()
		<-served
	})
	return memory{server, &http.Client{Transport: transport}, listener}
}

// overBoth runs a test with either protocol.
func overBoth(t *testing.T, test func(t *testing.T, http2 bool)) {
	t.Run("HTTP/1.1", func(t *testing.T) { test(t, false) })
	t.Run("HTTP/2", func(t *testing.T) { test(t, true) })
}

// ask sends a request that may be resumed.
func ask(t *testing.T, client *http.Client, method, url, lastEventID string) *http.Response {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, url, nil)
	require.NoError(t, err)
	if lastEventID != "" {
		request.Header.Set("Last-Event-ID", lastEventID)
	}
	response, err := client.Do(request)
	require.NoError(t, err)
	t.Cleanup(func() { _ = response.Body.Close() })
	return response
}

func get(t *testing.T, url, lastEventID string) *http.Response {
	t.Helper()
	return ask(t, http.DefaultClient, http.MethodGet, url, lastEventID)
}

func (m memory) get(t *testing.T, lastEventID string) *http.Response {
	t.Helper()
	return ask(t, m.client, http.MethodGet, memoryURL, lastEventID)
}

// connection is a client that sends what it likes.
type connection struct {
	net.Conn
	*bufio.Reader
}

// dial connects to a server of HTTP/1.1 and sends the head of a request.
func (m memory) dial(t *testing.T, head string) connection {
	t.Helper()
	conn, err := m.listener.Dial(t.Context(), "", "")
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close() })
	_, err = io.WriteString(conn, head+"\r\nHost: sink.test\r\n\r\n")
	require.NoError(t, err)
	return connection{conn, bufio.NewReader(conn)}
}

func (c connection) Read(p []byte) (int, error) { return c.Reader.Read(p) }

// response reads the head of a response.
func (c connection) response(t *testing.T) *http.Response {
	t.Helper()
	response, err := http.ReadResponse(c.Reader, nil)
	require.NoError(t, err)
	return response
}

// body reads a response to its end.
func body(t *testing.T, response *http.Response) string {
	t.Helper()
	all, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	return string(all)
}

// lines reads the next n lines of a response.
func lines(t *testing.T, r *bufio.Reader, n int) string {
	t.Helper()
	var all strings.Builder
	for range n {
		line, err := r.ReadString('\n')
		require.NoError(t, err)
		all.WriteString(line)
	}
	return all.String()
}

// record is what a handler sends to its first client.
func record(handler http.Handler) []byte {
	response := httptest.NewRecorder()
	handler.ServeHTTP(response, httptest.NewRequest(http.MethodGet, "/", nil))
	return response.Body.Bytes()
}

// quiet is for clients that lose connections all the time.
var quiet = source.WithLogger(slog.New(slog.DiscardHandler))

// by is an ID or a type that is the item itself.
func by(s string) string { return s }

func noID[T any](T) string { return "" }

// writer is a response that a test has in its hands. Each of its functions may be nil.
type writer struct {
	header      http.Header
	onWrite     func([]byte) error
	onFlush     func()
	onStatus    func(int)
	setDeadline func(time.Time)
}

func (w *writer) Header() http.Header {
	if w.header == nil {
		w.header = http.Header{}
	}
	return w.header
}

func (w *writer) WriteHeader(status int) {
	if w.onStatus != nil {
		w.onStatus(status)
	}
}

func (w *writer) Flush() {
	if w.onFlush != nil {
		w.onFlush()
	}
}

func (w *writer) Write(p []byte) (int, error) {
	if w.onWrite == nil {
		return len(p), nil
	}
	return len(p), w.onWrite(p)
}

func (w *writer) SetWriteDeadline(deadline time.Time) error {
	if w.setDeadline != nil {
		w.setDeadline(deadline)
	}
	return nil
}
