package source_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/observabletest"
	"github.com/rivulet-go/rivulet/retry"
	"github.com/rivulet-go/rivulet/source"
)

// unjittered is the default policy without its random part.
var unjittered = source.WithRetry(retry.Policy{Jitter: -1})

// dataOf runs o to its end and returns the data of its events.
func dataOf[T any](t *testing.T, o observable.Observable[source.Event[T]]) ([]T, error) {
	t.Helper()
	var all []T
	err := o.ForEach(t.Context(), func(e source.Event[T]) { all = append(all, e.Data) })
	return all, err
}

func ignore(source.Event[string]) {}

// retries notes what WithOnRetry is called with.
type retries struct {
	errs     []error
	attempts []int
	delays   []time.Duration
}

func (r *retries) note(err error, attempt int, delay time.Duration) {
	r.errs, r.attempts, r.delays = append(r.errs, err), append(r.attempts, attempt), append(r.delays, delay)
}

func TestEventSourceKeepsTheContract(t *testing.T) {
	for name, handler := range map[string]http.HandlerFunc{
		"held open": held("data: a\n\ndata: b\n\nid: 3\ndata: c\n\n"),
		"complete":  answers(body("data: a\n\n")),
		"refused":   status(http.StatusNotFound),
		"flapping":  body("data: a\n\ndata: b\n\n"),
		"silent":    silence,
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newMemServer(t, handler)
				s.Default(t)
				opts := []source.Option{quiet, unjittered}
				if name == "complete" {
					opts = append(opts, source.WithCompleteOnEOF())
				}
				observabletest.Check(t, source.FromEventSource[string](s.URL, opts...))
			})
		})
	}
}

func TestEventSourceKeepsTheContractOverTheNetwork(t *testing.T) {
	server := httptest.NewServer(held("data: a\n\ndata: b\n\n"))
	defer server.Close()
	observabletest.Check(t, source.FromEventSource[string](server.URL), observabletest.RealTime())
}

func TestEventSourceReconnects(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newMemServer(t, answers(body("data: a\n\n"), body("data: b\n\n"), status(http.StatusNoContent)))
		got, err := source.FromEventSource[string](s.URL, s.Options()...).Collect(t.Context())
		require.NoError(t, err)
		require.Equal(t, []source.Event[string]{{Type: "message", Data: "a"}, {Type: "message", Data: "b"}}, got)
	})
}

func TestEventSourceDecodes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newMemServer(t, body("data: {\"code\":\ndata: \"GB\"}\n\ndata: {}\n\n"))
		opts := s.Options(source.WithCompleteOnEOF())

		type country struct{ Code string }
		values, err := dataOf(t, source.FromEventSource[country](s.URL, opts...))
		require.NoError(t, err)
		require.Equal(t, []country{{"GB"}, {}}, values, "each event is decoded into a zero value")

		pointers, err := dataOf(t, source.FromEventSource[*country](s.URL, opts...))
		require.NoError(t, err)
		require.Equal(t, []*country{{"GB"}, {}}, pointers)

		texts, err := dataOf(t, source.FromEventSource[string](s.URL, opts...))
		require.NoError(t, err)
		require.Equal(t, []string{"{\"code\":\n\"GB\"}", "{}"}, texts)

		raw, err := dataOf(t, source.FromEventSource[[]byte](s.URL, opts...))
		require.NoError(t, err)
		require.Equal(t, [][]byte{[]byte(texts[0]), []byte("{}")}, raw, "each is a copy of its own")

		messages, err := dataOf(t, source.FromEventSource[json.RawMessage](s.URL, opts...))
		require.NoError(t, err)
		require.Equal(t, []json.RawMessage{raw[0], raw[1]}, messages)

		upper := source.WithDecoder(func(data []byte, v any) error {
			v.(*country).Code = strings.ToUpper(string(data))
			return nil
		})
		values, err = dataOf(t, source.FromEventSource[country](s.URL, append(opts, upper)...))
		require.NoError(t, err)
		require.Equal(t, []country{{"{\"CODE\":\n\"GB\"}"}, {"{}"}}, values)
	})
}

func TestEventSourceOfEmptyData(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newMemServer(t, body("data\n\n"))
		raw, err := dataOf(t, source.FromEventSource[[]byte](s.URL, s.Options(source.WithCompleteOnEOF())...))
		require.NoError(t, err)
		require.Equal(t, [][]byte{{}}, raw)
	})
}

func TestParseError(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newMemServer(t, body("data: 1\n\nid: 7\nevent: price\ndata: one\n\ndata: 2\n\n"))
		got, err := dataOf(t, source.FromEventSource[int](s.URL, s.Options(source.WithCompleteOnEOF())...))
		require.Equal(t, []int{1}, got)
		failure, ok := errors.AsType[*source.ParseError](err)
		require.True(t, ok)
		require.Equal(t, "7 price one", failure.ID+" "+failure.Type+" "+string(failure.Data))
		_, ok = errors.AsType[*json.SyntaxError](err)
		require.True(t, ok, "the cause is there")
		require.Contains(t, err.Error(), `decoding the 3 bytes of a "price" event with ID "7": invalid character`)

		var seen []*source.ParseError
		hook := source.WithOnParseError(func(e *source.ParseError) { seen = append(seen, e) })
		opts := s.Options(source.WithCompleteOnEOF(), hook, hook)
		got, err = dataOf(t, source.FromEventSource[int](s.URL, opts...))
		require.NoError(t, err)
		require.Equal(t, []int{1, 2}, got)
		require.Len(t, seen, 2, "each hook is called")
		require.Equal(t, failure, seen[0])
	})
}

func TestWithEventsDropsBeforeDecoding(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newMemServer(t, body("event: a\ndata: 1\n\nevent: b\ndata: x\n\ndata: x\n\nevent: c\ndata: 2\n\n"))
		opts := s.Options(source.WithCompleteOnEOF(), source.WithEvents("a"), source.WithEvents("c"))
		got, err := dataOf(t, source.FromEventSource[int](s.URL, opts...))
		require.NoError(t, err)
		require.Equal(t, []int{1, 2}, got)

		got, err = dataOf(t, source.FromEventSource[int](s.URL, append(opts, source.WithDone(
			func(e source.Event[[]byte]) bool { return e.Type == "message" && string(e.Data) == "x" },
		))...))
		require.NoError(t, err)
		require.Equal(t, []int{1}, got, "WithDone sees the types that are dropped")
	})
}

func TestEventTooLarge(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newMemServer(t, body("data: 12345\n\ndata: 123456\n\n"))
		got, err := dataOf(t, source.FromEventSource[string](s.URL, s.Options(source.WithMaxEventBytes(5))...))
		require.Equal(t, []string{"12345"}, got)
		require.Equal(t, &source.EventTooLargeError{URL: s.URL, Limit: 5}, err)
		require.EqualValues(t, 1, s.Dials.Load())
	})
}

func TestGzip(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newMemServer(t, compressed("data: a\n\n"))
		event, err := source.FromEventSource[string](s.URL, s.Options()...).First(t.Context())
		require.NoError(t, err)
		require.Equal(t, "a", event.Data, "it comes as soon as it is flushed")
	})
	synctest.Test(t, func(t *testing.T) {
		s := newMemServer(t, compressedBody("data: a\n\n", "data: b\n\n"))
		got, err := dataOf(t, source.FromEventSource[string](s.URL, s.Options(source.WithCompleteOnEOF())...))
		require.NoError(t, err)
		require.Equal(t, []string{"a", "b"}, got)
	})
	synctest.Test(t, func(t *testing.T) {
		s := newMemServer(t, compressedBody("data: a\n\n", "data: "+strings.Repeat("x", 1<<20)))
		got, err := dataOf(t, source.FromEventSource[string](s.URL, s.Options(source.WithMaxEventBytes(1000))...))
		require.Equal(t, []string{"a"}, got)
		require.Equal(t, &source.EventTooLargeError{URL: s.URL, Limit: 1000}, err, "the limit is for what is decompressed")
	})
	synctest.Test(t, func(t *testing.T) {
		s := newMemServer(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			send(w, "data: this is not compressed\n\n")
		})
		_, err := dataOf(t, source.FromEventSource[string](s.URL, s.Options(
			source.WithRetry(retry.Policy{MaxAttempts: 1}))...))
		require.ErrorIs(t, err, gzip.ErrHeader)
	})
}

func TestContentEncodingUnknown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newMemServer(t, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Encoding", "br")
			send(w, r.Header.Get("Accept-Encoding"))
		})
		_, err := dataOf(t, source.FromEventSource[string](s.URL, s.Options()...))
		require.Equal(t, &source.ContentTypeError{
			URL: s.URL, ContentType: "text/event-stream", ContentEncoding: "br", Body: []byte("identity"),
		}, err)
	})
}

func TestHooks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log []string
		note := func(s string) { log = append(log, s) }
		s := newMemServer(t, answers(body(": hi\n\ndata: a\n\n"), status(http.StatusBadGateway),
			body("data: b\n\n"), status(http.StatusNoContent)))
		o := source.FromEventSource[string](s.URL, s.Options(unjittered,
			source.WithOnStateChange(func(s source.State) { note(s.String()) }),
			source.WithOnOpen(func(r *http.Response) {
				rest, err := io.ReadAll(r.Body)
				require.NoError(t, err)
				require.Empty(t, rest)
				note(r.Header.Get("Content-Type"))
			}),
			source.WithOnComment(func(text string) { note(": " + text) }),
			source.WithOnRetry(func(err error, attempt int, delay time.Duration) {
				note(err.Error() + " " + delay.String())
			}),
		)...)
		require.NoError(t, o.ForEach(t.Context(), func(e source.Event[string]) { note(e.Data) }))
		require.Equal(t, []string{
			"Connecting",
			"Open", "text/event-stream", ": hi", "a",
			"Connecting", "rivulet: event source http://events.test/stream: the server has ended the stream: EOF 3s",
			"rivulet: event source http://events.test/stream: the server answered 502 Bad Gateway 6s",
			"Open", "text/event-stream", "b",
			"Connecting", "rivulet: event source http://events.test/stream: the server has ended the stream: EOF 12s",
			"Closed",
		}, log)
	})
}

func TestNothingIsEmittedAfterACancel(t *testing.T) {
	events := strings.Repeat("data: a\n\n", 5)
	for name, cancelling := range map[string]func(cancel func()) source.Option{
		"on open": func(cancel func()) source.Option {
			return source.WithOnOpen(func(*http.Response) { cancel() })
		},
		"on a comment": func(cancel func()) source.Option {
			return source.WithOnComment(func(string) { cancel() })
		},
		"when done is asked": func(cancel func()) source.Option {
			return source.WithDone(func(source.Event[[]byte]) bool {
				cancel()
				return false
			})
		},
		"on the first state": func(cancel func()) source.Option {
			return source.WithOnStateChange(func(source.State) { cancel() })
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newMemServer(t, held(":\n"+events))
				ctx, cancel := context.WithCancelCause(t.Context())
				option := cancelling(func() { cancel(errCanceled) })
				got, err := source.FromEventSource[string](s.URL, s.Options(option)...).Collect(ctx)
				require.Equal(t, errCanceled, err)
				require.Empty(t, got)
			})
		})
	}
}

func TestNothingIsLookedAtAfterACancel(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newMemServer(t, held("data: a\n\ndata: b\n\n"))
		ctx, cancel := context.WithCancelCause(t.Context())
		asked := 0
		o := source.FromEventSource[string](s.URL, s.Options(source.WithDone(func(source.Event[[]byte]) bool {
			asked++
			return false
		}))...)
		require.Equal(t, errCanceled, o.ForEach(ctx, func(source.Event[string]) { cancel(errCanceled) }))
		require.Equal(t, 1, asked)
	})
}

// slowBody is the beginning of a stream that takes long to close, unless its request is canceled.
type slowBody struct {
	io.Reader
	request context.Context
}

func (b *slowBody) Close() error {
	<-b.request.Done()
	return nil
}

func TestClosingWaitsForNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client := &http.Client{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
			return &http.Response{
				StatusCode: http.StatusOK,
				Header:     http.Header{"Content-Type": {"text/event-stream"}},
				Body:       &slowBody{strings.NewReader("data: a\n\n"), r.Context()},
				Request:    r,
			}, nil
		})}
		event, err := source.FromEventSource[string]("http://events.test/", source.WithHTTPClient(client)).First(t.Context())
		require.NoError(t, err)
		require.Equal(t, "a", event.Data)
	})
}

func TestStopWins(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newMemServer(t, held("data: a\n\n"))
		ctx, cancel := context.WithCancel(t.Context())
		err := source.FromEventSource[string](s.URL, s.Options()...)(ctx, func(source.Event[string]) bool {
			cancel()
			return false
		})
		require.NoError(t, err)
	})
}

// endsAtOnce cancels a run after a second, and requires that it ends at that moment.
func endsAtOnce(t *testing.T, o observable.Observable[source.Event[string]]) {
	t.Helper()
	ctx, cancel := context.WithCancelCause(t.Context())
	time.AfterFunc(time.Second, func() { cancel(errCanceled) })
	begin := time.Now()
	got, err := o.Collect(ctx)
	require.Equal(t, errCanceled, err)
	require.Empty(t, got)
	require.Equal(t, time.Second, time.Since(begin))
}

func TestCancelAbortsWhatIsUnderWay(t *testing.T) {
	t.Run("dial", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			var dialErr error
			withTransport(t, &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
				<-ctx.Done()
				dialErr = context.Cause(ctx)
				return nil, dialErr
			}})
			endsAtOnce(t, source.FromEventSource[string]("http://events.test/"))
			synctest.Wait()
			require.Error(t, dialErr, "the dial is canceled, although net/http does not do that")
		})
	})
	for name, handler := range map[string]http.HandlerFunc{
		"headers": silence,
		"read":    held(":\n"),
		"backoff": status(http.StatusServiceUnavailable),
		"error body": func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(http.StatusNotFound)
			send(w, "not")
			hold(r)
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newMemServer(t, handler)
				endsAtOnce(t, source.FromEventSource[string](s.URL, s.Options()...))
			})
		})
	}
}

// lateConn closes a channel when it is closed.
type lateConn struct {
	net.Conn
	closed chan struct{}
}

func (c *lateConn) Close() error {
	defer close(c.closed)
	return c.Conn.Close()
}

func TestAConnectionThatComesTooLateIsClosed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ours, theirs := net.Pipe()
		defer theirs.Close()
		late := &lateConn{ours, make(chan struct{})}
		withTransport(t, &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) {
			time.Sleep(time.Minute) // deaf to its context
			return late, nil
		}})
		endsAtOnce(t, source.FromEventSource[string]("http://events.test/"))
		<-late.closed
	})
}

func TestTheDefaultClientKeepsNoConnection(t *testing.T) {
	for name, handler := range map[string]http.HandlerFunc{
		"no content":   status(http.StatusNoContent),
		"error":        status(http.StatusNotFound),
		"end of body":  body("data: a\n\n"),
		"left in read": held("data: a\n\n"),
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newMemServer(t, handler)
				s.Default(t)
				_, _ = source.FromEventSource[string](s.URL, source.WithCompleteOnEOF()).First(t.Context())
				synctest.Wait()
				require.EqualValues(t, 1, s.Closed.Load())
			})
		})
	}
}

func TestTheDefaultClientBoundsTheHeaders(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newMemServer(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("X-Large", strings.Repeat("x", 1<<20))
			send(w, "data: a\n\n")
		})
		s.Default(t)
		once := source.WithRetry(retry.Policy{MaxAttempts: 1})
		_, err := source.FromEventSource[string](s.URL, once).First(t.Context())
		require.ErrorContains(t, err, "headers exceeded 1048576 bytes")
	})
}

func TestARoundTripperAsTheDefault(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newMemServer(t, status(http.StatusNoContent))
		withTransport(t, roundTripper(s.Client.Do))
		require.NoError(t, source.FromEventSource[string](s.URL).ForEach(t.Context(), ignore))
	})
}

func TestTheCallersClientIsNotWrittenTo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newMemServer(t, status(http.StatusNoContent))
		s.Client.Timeout = time.Second
		before := *s.Client
		require.NoError(t, source.FromEventSource[string](s.URL, s.Options()...).ForEach(t.Context(), ignore))
		require.Equal(t, before.Timeout, s.Client.Timeout)
		require.Nil(t, s.Client.CheckRedirect)
	})
}

func TestLogger(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out bytes.Buffer
		withoutTime := func(_ []string, a slog.Attr) slog.Attr {
			if a.Key == slog.TimeKey {
				return slog.Attr{}
			}
			return a
		}
		logger := slog.New(slog.NewTextHandler(&out, &slog.HandlerOptions{Level: slog.LevelDebug, ReplaceAttr: withoutTime}))
		s := newMemServer(t, answers(
			body(""), status(http.StatusBadGateway), body(""), status(http.StatusNoContent),
		))
		url := strings.Replace(s.URL, "://", "://user:secret@", 1) + "?token=secret"
		require.NoError(t, source.FromEventSource[string](url, s.Options(source.WithLogger(logger), unjittered)...).ForEach(
			t.Context(), ignore))
		const address = `url=http://events.test/stream `
		lost := `msg="rivulet: event source: connection lost; reconnecting" ` + address
		failed := `msg="rivulet: event source: connection failed; retrying" ` + address
		ended := `error="rivulet: event source http://events.test/stream: the server has ended the stream: EOF" `
		gateway := `error="rivulet: event source http://events.test/stream: the server answered 502 Bad Gateway" `
		require.Equal(t, "level=WARN "+lost+ended+"attempt=1 delay=3s\n"+
			"level=DEBUG "+failed+gateway+"attempt=2 delay=6s\n"+
			"level=WARN "+lost+ended+"attempt=3 delay=12s\n", out.String())
	})
}

func TestEventSourceOptionsPanic(t *testing.T) {
	for want, build := range map[string]func(){
		"source.FromEventSource: nil":    func() { source.FromEventSource[int]("", nil) },
		"source.WithRequest: nil":        func() { source.WithRequest(nil) },
		"source.WithHTTPClient: nil":     func() { source.WithHTTPClient(nil) },
		"source.WithDone: nil":           func() { source.WithDone(nil) },
		"source.WithDecoder: nil":        func() { source.WithDecoder(nil) },
		"source.WithLogger: nil":         func() { source.WithLogger(nil) },
		"source.WithOnOpen: nil":         func() { source.WithOnOpen(nil) },
		"source.WithOnRetry: nil":        func() { source.WithOnRetry(nil) },
		"source.WithOnStateChange: nil":  func() { source.WithOnStateChange(nil) },
		"source.WithOnComment: nil":      func() { source.WithOnComment(nil) },
		"source.WithOnParseError: nil":   func() { source.WithOnParseError(nil) },
		"source.WithConnectTimeout: d ":  func() { source.WithConnectTimeout(-1) },
		"source.WithIdleTimeout: d is":   func() { source.WithIdleTimeout(-1) },
		"source.WithMaxEventBytes: n is": func() { source.WithMaxEventBytes(0) },
		"source.WithRetry: Jitter is 2":  func() { source.WithRetry(retry.Policy{Jitter: 2}) },
		"source.WithEvents: no types":    func() { source.WithEvents() },
		"source.WithPosition: nil":       func() { source.WithPosition(nil) },
	} {
		requirePanic(t, want, build)
	}
}
