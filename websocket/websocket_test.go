package websocket_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	ws "github.com/coder/websocket"
	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/retry"
	"github.com/rivulet-go/rivulet/websocket"
)

func TestMessagesComeInOrder(t *testing.T) {
	l := newLab(t, sayAndHold(letters(26)...))
	got := l.run(within(t), t, 26)
	require.NoError(t, got.err)
	require.Equal(t, letters(26), got.data())
	require.Equal(t, []string{"Connecting", "Open", "Closed"}, got.states)
	require.Empty(t, got.retries)
	for _, e := range got.events {
		require.Equal(t, 1, e.Connection)
		require.False(t, e.Binary)
	}
}

func TestTypes(t *testing.T) {
	type price struct{ Symbol string }
	type text string
	l := newLab(t, talk(func(ctx context.Context, conn *ws.Conn) {
		_ = conn.Write(ctx, ws.MessageText, []byte(`{"symbol":"RVLT"}`))
		_ = conn.Write(ctx, ws.MessageBinary, []byte(`{"symbol":"BIN"}`))
		_ = conn.Write(ctx, ws.MessageText, []byte(`{}`))
		hold(ctx, conn)
	}))
	requireData(t, l, []string{`{"symbol":"RVLT"}`, `{"symbol":"BIN"}`, `{}`})
	requireData(t, l, [][]byte{[]byte(`{"symbol":"RVLT"}`), []byte(`{"symbol":"BIN"}`), []byte(`{}`)})
	requireData(t, l, []price{{"RVLT"}, {"BIN"}, {}})
	requireData(t, l, []map[string]string{{"symbol": "RVLT"}, {"symbol": "BIN"}, {}})
	requireData(t, l, []json.RawMessage{[]byte(`{"symbol":"RVLT"}`), []byte(`{"symbol":"BIN"}`), []byte(`{}`)})
	requireData(t, l, []text{"{17", "{16", "{2"}, websocket.WithDecoder(func(data []byte, v any) error {
		*v.(*text) = text(string(data[:1]) + itoa(len(data)))
		return nil
	}))

	events, err := operators.Take(websocket.From[string](l.url, l.options()...), 2).Collect(within(t))
	require.NoError(t, err)
	require.False(t, events[0].Binary)
	require.True(t, events[1].Binary)
}

func itoa(n int) string {
	text, _ := json.Marshal(n)
	return string(text)
}

func requireData[T any](t *testing.T, l *lab, want []T, opts ...websocket.Option) {
	t.Helper()
	events := websocket.From[T](l.url, l.options(opts...)...)
	got, err := operators.Take(operators.Map(events, websocket.Data[T]), len(want)).Collect(within(t))
	require.NoError(t, err)
	require.Equal(t, want, got)
}

func TestTheCloseCodeDecides(t *testing.T) {
	for code, again := range map[ws.StatusCode]bool{
		1000: true, 1001: true, 1005: true, 1011: true, 1012: true, 1013: true, 1014: true,
		1002: false, 1003: false, 1007: false, 1008: false, 1009: false, 1010: false,
		3000: false, 4000: false, 4999: false,
	} {
		t.Run(itoa(int(code)), func(t *testing.T) {
			l := newLab(t, inTurn(sayAndClose(code, "a"), sayAndHold("b")))
			got := l.run(within(t), t, 2)
			closed := &websocket.CloseError{URL: l.url, Code: int(code), Reason: "bye"}
			if code == ws.StatusNoStatusRcvd {
				closed.Reason = ""
			}
			if !again {
				require.Equal(t, closed, got.err)
				require.Equal(t, []string{"a"}, got.data())
				require.EqualValues(t, 1, l.connections.Load())
				return
			}
			require.NoError(t, got.err)
			require.Equal(t, []error{closed}, got.retries)
			require.Equal(t, []string{"a", "b"}, got.data())
			require.Equal(t, 1, got.events[0].Connection)
			require.Equal(t, 2, got.events[1].Connection)
			require.Equal(t, []string{"Connecting", "Open", "Connecting", "Open", "Closed"}, got.states)
		})
	}
}

func TestAConnectionThatEndsWithoutACloseFrameIsMadeAgain(t *testing.T) {
	cut := talk(func(ctx context.Context, conn *ws.Conn) { say(ctx, conn, "a") }) // CloseNow follows
	l := newLab(t, inTurn(cut, sayAndHold("b")))
	got := l.run(within(t), t, 2)
	require.NoError(t, got.err)
	require.Equal(t, []string{"a", "b"}, got.data())
	require.Len(t, got.retries, 1)
	require.IsType(t, &websocket.ConnectionError{}, got.retries[0])
	require.ErrorIs(t, got.retries[0], io.EOF)
}

func TestThePolicyDecides(t *testing.T) {
	again := quick
	again.Retryable = func(err error) bool {
		closed, ok := errors.AsType[*websocket.CloseError](err)
		return ok && closed.Code == 4000
	}
	l := newLab(t, inTurn(sayAndClose(4000, "a"), sayAndClose(1001, "b")))
	got := l.run(within(t), t, 0, websocket.WithRetry(again))
	require.Equal(t, &websocket.CloseError{URL: l.url, Code: 1001, Reason: "bye"}, got.err)
	require.Equal(t, []string{"a", "b"}, got.data())

	few := quick
	few.MaxAttempts, few.HealthyAfter = 3, time.Hour
	l = newLab(t, sayAndClose(1001))
	got = l.run(within(t), t, 0, websocket.WithRetry(few))
	gaveUp, ok := errors.AsType[*retry.Error](got.err)
	require.True(t, ok)
	require.Equal(t, 3, gaveUp.Attempts)
	require.EqualValues(t, 3, l.connections.Load())
}

func TestCompleteOnClose(t *testing.T) {
	l := newLab(t, inTurn(sayAndClose(1001, "a"), sayAndClose(1000, "b")))
	got := l.run(within(t), t, 0, websocket.WithCompleteOnClose())
	require.NoError(t, got.err)
	require.Equal(t, []string{"a", "b"}, got.data())
}

func TestStatusesOfTheHandshake(t *testing.T) {
	for status, again := range map[int]bool{
		408: true, 425: true, 429: true, 500: true, 502: true, 503: true, 504: true,
		200: false, 204: false, 301: false, 302: false, 307: false, 400: false, 401: false, 403: false, 404: false,
		410: false, 426: false, 501: false,
	} {
		t.Run(itoa(status), func(t *testing.T) {
			l := newLab(t, inTurn(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Location", "/elsewhere")
				w.WriteHeader(status)
				_, _ = io.WriteString(w, strings.Repeat("no ", 2000))
			}, sayAndHold("a")))
			got := l.run(within(t), t, 1)
			failure := got.err
			if again {
				require.NoError(t, got.err)
				require.Equal(t, []string{"a"}, got.data())
				require.Len(t, got.retries, 1)
				failure = got.retries[0]
			}
			refused, ok := failure.(*websocket.StatusError)
			require.True(t, ok, "%v", failure)
			require.Equal(t, status, refused.Code)
			require.Equal(t, "/elsewhere", refused.Header.Get("Location"))
			if status != http.StatusNoContent {
				require.Equal(t, strings.Repeat("no ", 2000)[:4096], string(refused.Body))
			}
			require.Equal(t, l.url, refused.URL)
		})
	}
}

func TestAnswersThatAreNoHandshake(t *testing.T) {
	switching := func(header string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			conn, _, err := w.(http.Hijacker).Hijack()
			if err != nil {
				return
			}
			defer conn.Close()
			header := strings.ReplaceAll(header, "KEY", acceptKey(r))
			_, _ = io.WriteString(conn, "HTTP/1.1 101 Switching Protocols\r\n"+header+"\r\n")
			_, _ = io.Copy(io.Discard, conn) // it stays open: the client must not wait for more
		}
	}
	const good = "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: KEY\r\n"
	for name, handler := range map[string]http.HandlerFunc{
		"no headers":              switching(""),
		"no Sec-WebSocket-Accept": switching("Upgrade: websocket\r\nConnection: Upgrade\r\n"),
		"the key of another":      switching("Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: x\r\n"),
		"an unknown extension":    switching(good + "Sec-WebSocket-Extensions: rot13\r\n"),
		"an unknown protocol":     switching(good + "Sec-WebSocket-Protocol: other\r\n"),
		"no protocol":             switching(good),
	} {
		t.Run(name, func(t *testing.T) {
			l := newLab(t, handler)
			began := time.Now()
			got := l.run(within(t), t, 1, websocket.WithSubprotocols("v2", "v1"))
			require.IsType(t, &websocket.HandshakeError{}, got.err)
			require.Less(t, time.Since(began), 2*time.Second)
			require.Empty(t, got.retries)
		})
	}
}

func TestSubprotocols(t *testing.T) {
	l := newLab(t, accept(&ws.AcceptOptions{Subprotocols: []string{"v1"}}, func(ctx context.Context, conn *ws.Conn) {
		say(ctx, conn, conn.Subprotocol())
		hold(ctx, conn)
	}))
	chosen := ""
	got := l.run(within(t), t, 1, websocket.WithSubprotocols("v2", "v1"),
		websocket.WithOnConnect(func(_ context.Context, conn *websocket.Conn) error {
			chosen = conn.Subprotocol()
			return nil
		}))
	require.NoError(t, got.err)
	require.Equal(t, []string{"v1"}, got.data())
	require.Equal(t, "v1", chosen)
}

func TestCompression(t *testing.T) {
	options := &ws.AcceptOptions{CompressionMode: ws.CompressionContextTakeover, CompressionThreshold: 1}
	extensions := make(chan string, 10)
	long := strings.Repeat("again and ", 10_000)
	handler := accept(options, func(ctx context.Context, conn *ws.Conn) {
		say(ctx, conn, long, "short", long)
		hold(ctx, conn)
	})
	l := newLab(t, func(w http.ResponseWriter, r *http.Request) {
		extensions <- r.Header.Get("Sec-WebSocket-Extensions")
		handler(w, r)
	})
	got := l.run(within(t), t, 3, websocket.WithCompression())
	require.NoError(t, got.err)
	require.Equal(t, []string{long, "short", long}, got.data())
	require.Equal(t, "permessage-deflate", <-extensions)

	got = l.run(within(t), t, 3)
	require.NoError(t, got.err)
	require.Empty(t, <-extensions)

	got = l.run(within(t), t, 3, websocket.WithCompression(), websocket.WithMaxMessageBytes(len(long)-1))
	require.Equal(t, &websocket.MessageTooLargeError{URL: l.url, Limit: len(long) - 1}, got.err)
}

func TestMaxMessageBytes(t *testing.T) {
	for name, c := range map[string]struct {
		bytes int
		fits  bool
	}{"at the limit": {1000, true}, "beyond": {1001, false}, "far beyond": {1 << 20, false}} {
		t.Run(name, func(t *testing.T) {
			text := strings.Repeat("x", c.bytes)
			codes := make(chan ws.StatusCode, 1)
			l := newLab(t, talk(func(ctx context.Context, conn *ws.Conn) {
				say(ctx, conn, text)
				codes <- hold(ctx, conn)
			}))
			got := l.run(within(t), t, 1, websocket.WithMaxMessageBytes(1000))
			if c.fits {
				require.NoError(t, got.err)
				require.Equal(t, []string{text}, got.data())
				require.Equal(t, ws.StatusNormalClosure, <-codes)
				return
			}
			require.Equal(t, &websocket.MessageTooLargeError{URL: l.url, Limit: 1000}, got.err)
			require.Empty(t, got.retries, "it would come again")
			require.Equal(t, ws.StatusMessageTooBig, <-codes)
		})
	}
	l := newLab(t, sayAndHold(strings.Repeat("x", 1<<20)))
	require.NoError(t, l.run(within(t), t, 1).err, "far below the default")
}

func TestAMessageThatCannotBeDecoded(t *testing.T) {
	codes := make(chan ws.StatusCode, 10)
	l := newLab(t, talk(func(ctx context.Context, conn *ws.Conn) {
		say(ctx, conn, `1`, `"no number`, `3`)
		codes <- hold(ctx, conn)
	}))
	numbers := func(opts ...websocket.Option) ([]int, error) {
		events := websocket.From[int](l.url, l.options(opts...)...)
		return operators.Take(operators.Map(events, websocket.Data[int]), 2).Collect(within(t))
	}
	got, err := numbers()
	require.Equal(t, []int{1}, got)
	failure, ok := errors.AsType[*websocket.ParseError](err)
	require.True(t, ok)
	require.Equal(t, `"no number`, string(failure.Data))
	require.Equal(t, 1, failure.Connection)
	require.Equal(t, l.url, failure.URL)
	require.Equal(t, ws.StatusUnsupportedData, <-codes)

	var seen []*websocket.ParseError
	got, err = numbers(websocket.WithOnParseError(func(e *websocket.ParseError) { seen = append(seen, e) }))
	require.NoError(t, err)
	require.Equal(t, []int{1, 3}, got)
	require.Len(t, seen, 1)

	l = newLab(t, sayAndHold("a\xff"))
	require.IsType(t, &websocket.ParseError{}, l.run(within(t), t, 1).err, "a string is valid UTF-8")
}

func TestHeadersOfEachHandshake(t *testing.T) {
	type seen struct {
		host, token string
		values      []string
	}
	requests := make(chan seen, 2)
	handler := inTurn(sayAndClose(1001), sayAndHold("a"))
	l := newLab(t, func(w http.ResponseWriter, r *http.Request) {
		requests <- seen{r.Host, r.Header.Get("Authorization"), r.Header["X-A"]}
		handler(w, r)
	})
	attempt := 0
	got := l.run(within(t), t, 1, websocket.WithHeader("X-A", "1"), websocket.WithHeader("X-A", "2"),
		websocket.WithRequest(func(r *http.Request) error {
			attempt++
			r.Header.Set("Authorization", "Bearer "+itoa(attempt))
			r.Host = "feed.example"
			return nil
		}))
	require.NoError(t, got.err)
	require.Equal(t, seen{"feed.example", "Bearer 1", []string{"1", "2"}}, <-requests)
	require.Equal(t, seen{"feed.example", "Bearer 2", []string{"1", "2"}}, <-requests)
}

// WithRequest may change where to connect to, as for a token in the query.
func TestTheURLOfEachHandshake(t *testing.T) {
	queries := make(chan string, 2)
	handler := inTurn(sayAndClose(1001), sayAndHold("a"))
	l := newLab(t, func(w http.ResponseWriter, r *http.Request) {
		queries <- r.URL.RequestURI()
		handler(w, r)
	})
	attempt := 0
	got := l.run(within(t), t, 1, websocket.WithRequest(func(r *http.Request) error {
		attempt++
		r.URL.RawQuery = "token=" + itoa(attempt)
		return nil
	}))
	require.NoError(t, got.err)
	require.Equal(t, "/feed?token=1", <-queries)
	require.Equal(t, "/feed?token=2", <-queries)
	require.NotContains(t, got.retries[0].Error(), "token")
}

func TestRequestsThatCannotBeMade(t *testing.T) {
	for name, c := range map[string]struct {
		url string
		opt websocket.Option
	}{
		"no URL":                {"", nil},
		"malformed":             {"ws://user:secret@host:port/", nil},
		"no host":               {"ws:///feed", nil},
		"another scheme":        {"ftp://host/", nil},
		"a port out of range":   {"ws://host:70000/", nil},
		"a bad header":          {"ws://host/", websocket.WithHeader("X-A", "a\nb")},
		"a bad key":             {"ws://host/", websocket.WithHeader("X A", "a")},
		"a bad protocol":        {"ws://host/", websocket.WithSubprotocols("a b")},
		"a failing WithRequest": {"ws://host/", websocket.WithRequest(func(*http.Request) error { return errTest })},
	} {
		t.Run(name, func(t *testing.T) {
			opts := []websocket.Option{websocket.WithLogger(discard), websocket.WithRetry(quick)}
			if c.opt != nil {
				opts = append(opts, c.opt)
			}
			_, err := websocket.From[string](c.url, opts...).Collect(within(t))
			require.IsType(t, &websocket.RequestError{}, err)
			require.NotContains(t, err.Error(), "secret")
			if name == "a failing WithRequest" {
				require.ErrorIs(t, err, errTest)
			}
		})
	}
}

func TestOnOpen(t *testing.T) {
	l := newLab(t, inTurn(sayAndClose(1001, "a"), sayAndHold("b")))
	var order []string
	got := l.run(within(t), t, 2,
		websocket.WithOnConnect(func(_ context.Context, conn *websocket.Conn) error {
			order = append(order, "connect "+itoa(conn.Number()))
			return nil
		}),
		websocket.WithOnOpen(func(answer *http.Response) {
			order = append(order, "open "+answer.Header.Get("Upgrade"))
			body, err := io.ReadAll(answer.Body)
			require.NoError(t, err)
			require.Empty(t, body)
		}),
	)
	require.NoError(t, got.err)
	require.Equal(t, []string{"connect 1", "open websocket", "connect 2", "open websocket"}, order)
}
