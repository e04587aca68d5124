package websocket_test

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	ws "github.com/coder/websocket"
	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/retry"
	"github.com/rivulet-go/rivulet/websocket"
)

// exact is the default policy without its random part.
var exact = retry.Policy{Jitter: -1}

// bubble runs a test in a bubble with a server.
func bubble(t *testing.T, handler http.HandlerFunc, test func(t *testing.T, l *lab)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) { test(t, newMemoryLab(t, handler)) })
}

// pings sends a ping every so often and reads the answers.
func pings(every time.Duration) http.HandlerFunc {
	return talk(func(ctx context.Context, conn *ws.Conn) {
		say(ctx, conn, "a")
		go hold(ctx, conn)
		for {
			time.Sleep(every)
			if conn.Ping(ctx) != nil {
				return
			}
		}
	})
}

func TestSilenceIsFound(t *testing.T) {
	silent := raw(func(_ net.Conn, r *bufio.Reader) { _, _ = io.Copy(io.Discard, r) })
	deaf := raw(func(net.Conn, *bufio.Reader) { time.Sleep(time.Hour) })
	for name, c := range map[string]struct {
		handler http.HandlerFunc
		opt     websocket.Option
		reason  error
		after   time.Duration // 0: it is kept for an hour
	}{
		"nothing comes":           {silent, websocket.WithIdleTimeout(time.Minute), websocket.ErrIdleTimeout, time.Minute},
		"nothing answers":         {silent, websocket.WithPing(time.Minute, 10*time.Second), websocket.ErrPingTimeout, 70 * time.Second},
		"a ping cannot be sent":   {deaf, websocket.WithPing(time.Minute, 10*time.Second), websocket.ErrPingTimeout, 65 * time.Second},
		"pings come":              {pings(50 * time.Second), websocket.WithIdleTimeout(time.Minute), nil, 0},
		"pings come too seldom":   {pings(70 * time.Second), websocket.WithIdleTimeout(time.Minute), websocket.ErrIdleTimeout, time.Minute},
		"pings are answered":      {sayAndHold("a"), websocket.WithPing(time.Minute, 10*time.Second), nil, 0},
		"no limit, nothing comes": {silent, websocket.WithIdleTimeout(0), nil, 0},
		"pings of both":           {pings(50 * time.Second), websocket.WithPing(time.Minute, time.Second), nil, 0},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, c.handler, func(t *testing.T, l *lab) {
				ctx, cancel := context.WithTimeoutCause(t.Context(), time.Hour-time.Second, errCause)
				defer cancel()
				began := time.Now()
				var reason error
				var after time.Duration
				got := l.run(ctx, t, 0, c.opt, websocket.WithOnRetry(func(err error, _ int, _ time.Duration) {
					reason, after = err, time.Since(began)
					cancel()
				}))
				if c.reason == nil {
					require.Equal(t, errCause, got.err)
					require.NoError(t, reason)
					return
				}
				require.Equal(t, &websocket.ConnectionError{URL: l.url, Err: c.reason}, reason)
				require.Equal(t, c.after, after)
			})
		})
	}
}

// While emit blocks nothing is read, so nothing can be missed.
func TestSilenceDoesNotCountWhileEmitBlocks(t *testing.T) {
	for name, opt := range map[string]websocket.Option{
		"idle": websocket.WithIdleTimeout(time.Minute), "ping": websocket.WithPing(time.Minute, time.Minute),
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, sayAndHold("a", "b", "c"), func(t *testing.T, l *lab) {
				n := 0
				err := websocket.From[string](l.url, l.options(opt)...)(t.Context(), func(websocket.Event[string]) bool {
					time.Sleep(time.Hour)
					n++
					return n < 3
				})
				require.NoError(t, err)
				require.EqualValues(t, 1, l.connections.Load())
			})
		})
	}
}

func TestConnectTimeout(t *testing.T) {
	never := func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }
	receive := websocket.WithOnConnect(func(ctx context.Context, conn *websocket.Conn) error {
		var answer string
		return conn.Receive(&answer)
	})
	for name, c := range map[string]struct {
		handler http.HandlerFunc
		opts    []websocket.Option
		after   time.Duration
	}{
		"no handshake":           {never, nil, 30 * time.Second},
		"no handshake, given":    {never, []websocket.Option{websocket.WithConnectTimeout(time.Second)}, time.Second},
		"no answer to OnConnect": {sayAndHold(), []websocket.Option{receive}, 30 * time.Second},
		"OnConnect does not look": {sayAndHold(), []websocket.Option{websocket.WithOnConnect(
			func(ctx context.Context, _ *websocket.Conn) error {
				<-ctx.Done()
				return nil
			})}, 30 * time.Second},
		"both are slow": {
			func(w http.ResponseWriter, r *http.Request) {
				time.Sleep(20 * time.Second)
				sayAndHold()(w, r)
			}, []websocket.Option{receive}, 30 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, c.handler, func(t *testing.T, l *lab) {
				ctx, cancel := context.WithCancel(t.Context())
				began := time.Now()
				var after time.Duration
				got := l.run(ctx, t, 0, append(c.opts, websocket.WithOnRetry(func(error, int, time.Duration) {
					after = time.Since(began)
					cancel()
				}))...)
				require.Equal(t, context.Canceled, got.err)
				require.ErrorIs(t, got.retries[0], websocket.ErrConnectTimeout)
				require.Equal(t, c.after, after)
				require.NotContains(t, got.states, "Open")
			})
		})
	}
}

func TestTheTimeoutOfTheClientBoundsTheConnect(t *testing.T) {
	bubble(t, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, func(t *testing.T, l *lab) {
		client := *l.client
		client.Timeout = 7 * time.Second
		began := time.Now()
		once := retry.Policy{MaxAttempts: 1}
		got := l.run(t.Context(), t, 0, websocket.WithHTTPClient(&client), websocket.WithRetry(once))
		require.ErrorIs(t, got.err, websocket.ErrConnectTimeout)
		require.Equal(t, 7*time.Second, time.Since(began))
	})
	bubble(t, pings(time.Second), func(t *testing.T, l *lab) { // and not the connection
		client := *l.client
		client.Timeout = 7 * time.Second
		ctx, cancel := context.WithTimeoutCause(t.Context(), time.Minute, errCause)
		defer cancel()
		got := l.run(ctx, t, 0, websocket.WithHTTPClient(&client))
		require.Equal(t, errCause, got.err)
		require.Empty(t, got.retries)
	})
}

// A run can be canceled wherever it is. It sends a close frame if it is connected, and waits for a second at most.
func TestCancel(t *testing.T) {
	answered := make(chan ws.StatusCode, 10)
	silent := talk(func(ctx context.Context, conn *ws.Conn) { answered <- hold(ctx, conn) })
	polite := talk(func(ctx context.Context, conn *ws.Conn) {
		say(ctx, conn, "a")
		answered <- hold(ctx, conn)
	})
	deaf := raw(func(conn net.Conn, _ *bufio.Reader) { time.Sleep(time.Hour) })
	wait := func(ctx context.Context, _ *websocket.Conn) error {
		<-ctx.Done()
		return ctx.Err()
	}
	for name, c := range map[string]struct {
		handler http.HandlerFunc
		opts    []websocket.Option
		takes   time.Duration
		code    ws.StatusCode
	}{
		"before the handshake": {func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, nil, 0, 0},
		"in OnConnect":         {silent, []websocket.Option{websocket.WithOnConnect(wait)}, 0, ws.StatusNormalClosure},
		"in a Receive": {polite, []websocket.Option{websocket.WithOnConnect(
			func(_ context.Context, conn *websocket.Conn) error {
				var v string
				_ = conn.Receive(&v)
				return conn.Receive(&v)
			})}, 0, ws.StatusNormalClosure},
		"while it reads":              {polite, nil, 0, ws.StatusNormalClosure},
		"from a server that is deaf":  {deaf, nil, time.Second, 0},
		"while it waits to reconnect": {sayAndClose(1001), []websocket.Option{websocket.WithRetry(exact)}, 0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, c.handler, func(t *testing.T, l *lab) {
				ctx, cancel := context.WithCancelCause(t.Context())
				var canceled time.Time
				time.AfterFunc(time.Second, func() {
					canceled = time.Now()
					cancel(errCause)
				})
				got := l.run(ctx, t, 0, c.opts...)
				took := time.Since(canceled)
				require.Equal(t, errCause, got.err)
				require.Equal(t, c.takes, took)
				if c.code != 0 {
					require.Equal(t, c.code, <-answered)
				}
			})
		})
	}
}

func TestStop(t *testing.T) {
	codes := make(chan ws.StatusCode, 1)
	bubble(t, talk(func(ctx context.Context, conn *ws.Conn) {
		say(ctx, conn, "a", "b")
		codes <- hold(ctx, conn)
	}), func(t *testing.T, l *lab) {
		began := time.Now()
		got := l.run(t.Context(), t, 2)
		require.NoError(t, got.err)
		require.Equal(t, []string{"a", "b"}, got.data())
		require.Zero(t, time.Since(began))
		require.Equal(t, ws.StatusNormalClosure, <-codes)
	})
	bubble(t, raw(func(conn net.Conn, _ *bufio.Reader) {
		_, _ = conn.Write([]byte("\x81\x01a"))
		time.Sleep(time.Hour)
	}), func(t *testing.T, l *lab) {
		began := time.Now()
		require.NoError(t, l.run(t.Context(), t, 1).err)
		require.Equal(t, time.Second, time.Since(began))
	})
}

func TestDelays(t *testing.T) {
	bubble(t, inTurn(
		sayAndClose(1001), sayAndClose(1001), sayAndClose(1001), func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", "100")
			w.WriteHeader(http.StatusServiceUnavailable)
		}, sayAndHold("a"),
	), func(t *testing.T, l *lab) {
		var delays []time.Duration
		var attempts []int
		got := l.run(t.Context(), t, 1, websocket.WithRetry(exact),
			websocket.WithOnRetry(func(_ error, attempt int, delay time.Duration) {
				attempts, delays = append(attempts, attempt), append(delays, delay)
			}))
		require.NoError(t, got.err)
		const s = time.Second
		require.Equal(t, []time.Duration{3 * s, 6 * s, 12 * s, 100 * s}, delays, "a connection that flaps is not healthy")
		require.Equal(t, []int{1, 2, 3, 4}, attempts)
	})
	bubble(t, talk(func(ctx context.Context, conn *ws.Conn) {
		say(ctx, conn, "a")
		time.Sleep(10 * time.Second)
	}), func(t *testing.T, l *lab) {
		var delays []time.Duration
		got := l.run(t.Context(), t, 3, websocket.WithRetry(exact),
			websocket.WithOnRetry(func(_ error, _ int, delay time.Duration) { delays = append(delays, delay) }))
		require.NoError(t, got.err)
		require.Equal(t, []time.Duration{3 * time.Second, 3 * time.Second}, delays)
	})
}
