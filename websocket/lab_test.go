package websocket_test

import (
	"bufio"
	"context"
	"crypto/sha1"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	ws "github.com/coder/websocket"
	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/internal/memnet"
	"github.com/rivulet-go/rivulet/retry"
	"github.com/rivulet-go/rivulet/websocket"
)

var (
	errTest  = errors.New("test")
	errCause = errors.New("canceled by the test")
	discard  = slog.New(slog.DiscardHandler)
)

// quick is a policy for tests with real sockets: the default, a thousand times as fast.
var quick = retry.Policy{
	InitialDelay: 3 * time.Millisecond, MaxDelay: 30 * time.Millisecond, HealthyAfter: 5 * time.Millisecond,
}

// lab is a server and how a client reaches it.
type lab struct {
	url         string
	client      *http.Client
	connections atomic.Int32 // handshakes that the server has accepted
	open        atomic.Int32 // connections that it has not seen the end of
}

// newLab starts a server on loopback, which ends with the test.
func newLab(t *testing.T, handler http.HandlerFunc) *lab {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	l := &lab{url: "ws://" + listener.Addr().String() + "/feed", client: &http.Client{Transport: &http.Transport{}}}
	l.serve(t, listener, handler)
	return l
}

// newMemoryLab starts a server that is reached through memory, for a bubble.
func newMemoryLab(t *testing.T, handler http.HandlerFunc) *lab {
	t.Helper()
	listener := memnet.Listen()
	transport := &http.Transport{DialContext: listener.Dial}
	l := &lab{url: "ws://feed.test/feed", client: &http.Client{Transport: transport}}
	l.serve(t, listener, handler)
	return l
}

func (l *lab) serve(t *testing.T, listener net.Listener, handler http.HandlerFunc) {
	var mu sync.Mutex // guards that handling grows until ctx is done
	var handling sync.WaitGroup
	ctx, cancel := context.WithCancel(context.Background())
	server := &http.Server{
		BaseContext: func(net.Listener) context.Context { return ctx },
		ErrorLog:    log.New(io.Discard, "", 0),
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			mu.Lock()
			if ctx.Err() == nil {
				handling.Add(1) // a hijacked connection is not the server's any more
				defer handling.Done()
			}
			mu.Unlock()
			l.open.Add(1)
			defer l.open.Add(-1)
			handler(w, r.WithContext(context.WithValue(ctx, labKey{}, l)))
		}),
	}
	served := make(chan struct{})
	go func() {
		defer close(served)
		_ = server.Serve(listener)
	}()
	t.Cleanup(func() {
		mu.Lock()
		cancel()
		mu.Unlock()
		l.client.CloseIdleConnections()
		_ = server.Close()
		<-served
		handling.Wait()
	})
}

type labKey struct{}

// accept makes a handler of what a server does with each connection. The connection is closed when it returns, and its
// context is done at the end of the test.
func accept(options *ws.AcceptOptions, talk func(ctx context.Context, conn *ws.Conn)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		conn, err := ws.Accept(w, r, options)
		if err != nil {
			return
		}
		r.Context().Value(labKey{}).(*lab).connections.Add(1)
		defer conn.CloseNow()
		conn.SetReadLimit(-1)
		talk(r.Context(), conn)
	}
}

// talk is accept without options.
func talk(talk func(ctx context.Context, conn *ws.Conn)) http.HandlerFunc { return accept(nil, talk) }

// say sends text messages.
func say(ctx context.Context, conn *ws.Conn, texts ...string) {
	for _, text := range texts {
		if conn.Write(ctx, ws.MessageText, []byte(text)) != nil {
			return
		}
	}
}

// hold reads until the client closes the connection, and returns the code of its close frame, -1 without one.
func hold(ctx context.Context, conn *ws.Conn) ws.StatusCode {
	for {
		if _, _, err := conn.Read(ctx); err != nil {
			return ws.CloseStatus(err)
		}
	}
}

// sayAndHold sends text messages and holds the connection open.
func sayAndHold(texts ...string) http.HandlerFunc {
	return talk(func(ctx context.Context, conn *ws.Conn) {
		say(ctx, conn, texts...)
		hold(ctx, conn)
	})
}

// sayAndClose sends text messages and closes the connection with a code.
func sayAndClose(code ws.StatusCode, texts ...string) http.HandlerFunc {
	return talk(func(ctx context.Context, conn *ws.Conn) {
		say(ctx, conn, texts...)
		_ = conn.Close(code, "bye")
	})
}

// inTurn handles one connection with each handler, and all further ones with the last.
func inTurn(handlers ...http.HandlerFunc) http.HandlerFunc {
	var turn atomic.Int32
	return func(w http.ResponseWriter, r *http.Request) {
		i := min(int(turn.Add(1)), len(handlers)) - 1
		handlers[i](w, r)
	}
}

// raw answers the handshake and gives the bytes of the connection to talk.
func raw(talk func(conn net.Conn, r *bufio.Reader)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		conn, buffered, err := w.(http.Hijacker).Hijack()
		if err != nil {
			return
		}
		defer conn.Close()
		defer context.AfterFunc(r.Context(), func() { _ = conn.Close() })()
		fmt.Fprintf(conn, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"+
			"Sec-WebSocket-Accept: %s\r\n\r\n", acceptKey(r))
		talk(conn, buffered.Reader)
	}
}

func acceptKey(r *http.Request) string {
	sum := sha1.Sum([]byte(r.Header.Get("Sec-WebSocket-Key") + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"))
	return base64.StdEncoding.EncodeToString(sum[:])
}

// options are opts after those for the client of the server, a quick policy and no log.
func (l *lab) options(opts ...websocket.Option) []websocket.Option {
	return append([]websocket.Option{
		websocket.WithHTTPClient(l.client), websocket.WithLogger(discard), websocket.WithRetry(quick),
	}, opts...)
}

// outcome is what a run came to.
type outcome struct {
	events  []websocket.Event[string]
	states  []string
	retries []error
	err     error
}

func (o outcome) data() []string {
	var all []string
	for _, e := range o.events {
		all = append(all, e.Data)
	}
	return all
}

// run runs the client until the stream ends or, unless that is 0, the n-th item has come.
func (l *lab) run(ctx context.Context, t *testing.T, n int, opts ...websocket.Option) outcome {
	t.Helper()
	var o outcome
	opts = append(l.options(
		websocket.WithOnStateChange(func(s websocket.State) { o.states = append(o.states, s.String()) }),
		websocket.WithOnRetry(func(err error, _ int, _ time.Duration) { o.retries = append(o.retries, err) }),
	), opts...)
	o.err = websocket.From[string](l.url, opts...)(ctx, func(e websocket.Event[string]) bool {
		o.events = append(o.events, e)
		return len(o.events) != n
	})
	return o
}

// within is t.Context with a limit that no test should reach.
func within(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	t.Cleanup(cancel)
	return ctx
}

func letters(n int) []string {
	return strings.Split("abcdefghijklmnopqrstuvwxyz"[:n], "")
}
