package source_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/retry"
	"github.com/rivulet-go/rivulet/source"
)

func TestWithMaxEventBytes(t *testing.T) {
	heartbeats := strings.Repeat(":beat\n\n", 100)
	for _, row := range []struct {
		name string
		in   string
		want []string
		over bool
	}{
		{"exactly", "data:12345678\n\n", []string{"message|12345678|"}, false},
		{"one more", "data:123456789\n\n", nil, true},
		{"at once, without the end of the line", "data:123456789", nil, true},
		{"lines, exactly", "data:1234\ndata:678\n\n", []string{"message|1234\n678|"}, false},
		{"lines, one more", "data:1234\ndata:6789\n\n", nil, true},
		{"empty lines", strings.Repeat("data\n", 10) + "\n", nil, true},
		{"reset by every event", strings.Repeat("data:1234567\n\n", 3), slicesOf("message|1234567|", 3), false},
		{"heartbeats do not add up", heartbeats + "data:1\n" + strings.Repeat(":beat\n", 100) + "\n",
			[]string{"message|1|"}, false},
		{"names do not count", "data:12345678\nevent:12345678\nid:12345678\n\n",
			[]string{"12345678|12345678|12345678"}, false},
		{"other fields do not add up", "data:1\n" + strings.Repeat("o:123456\n", 10) + "\n",
			[]string{"message|1|"}, false},
		{"type", "event:123456789\ndata:1\n\n", nil, true},
		{"ID", "id:123456789\ndata:1\n\n", nil, true},
		{"comment", ":123456789\ndata:1\n\n", nil, true},
		{"another field", "other:123456789\ndata:1\n\n", nil, true},
		{"events before it come", "data:1\n\ndata:123456789\n\n", []string{"message|1|"}, true},
		{"BOM does not count", bom + "data:12345678\n\n", []string{"message|12345678|"}, false},
	} {
		for _, cutting := range cuttings[1:3] {
			t.Run(row.name+"/"+cutting.name, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					l := newLab(t, held(cutting.pieces(row.in)...))
					r := l.start(t, source.WithMaxEventBytes(8))
					time.Sleep(time.Minute)
					synctest.Wait()
					require.Equal(t, row.want, r.got)
					require.Len(t, l.requests(), 1)
					if !row.over {
						require.Equal(t, 1, l.open(), "it must still run")
						return
					}
					require.Zero(t, l.open(), "it must have failed")
					r.wait(t)
					var large *source.EventTooLargeError
					require.ErrorAs(t, r.err, &large)
					require.Equal(t, 8, large.Limit)
				})
			})
		}
	}
}

type price struct {
	Symbol string
	Price  int
}

func TestDataIsDecoded(t *testing.T) {
	const in = "data: {\"symbol\":\"A\",\ndata: \"price\":1}\n\ndata: {\"symbol\":\"B\"}\n\n"
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, body(in))
		events := source.FromEventSource[price]("http://events.test/", source.WithCompleteOnEOF(),
			source.WithHTTPClient(l.Client))
		got, err := events.Collect(t.Context())
		require.NoError(t, err)
		want := []source.Event[price]{{Type: "message", Data: price{"A", 1}}, {Type: "message", Data: price{"B", 0}}}
		require.Equal(t, want, got)

		bytesOf := source.FromEventSource[[]byte]("http://events.test/", source.WithCompleteOnEOF(),
			source.WithHTTPClient(l.Client))
		kept, err := bytesOf.Collect(t.Context())
		require.NoError(t, err)
		require.Equal(t, "{\"symbol\":\"A\",\n\"price\":1}", string(kept[0].Data))
		require.Equal(t, "{\"symbol\":\"B\"}", string(kept[1].Data))
	})
}

func TestParseErrors(t *testing.T) {
	const in = "id: 1\ndata: 1\n\nid: 2\nevent: odd\ndata: two\n\nid: 3\ndata: 3\n\n"
	check := func(t *testing.T, bad *source.ParseError) {
		require.Equal(t, "2", bad.ID)
		require.Equal(t, "odd", bad.Type)
		require.Equal(t, "two", string(bad.Data))
		require.ErrorAs(t, error(bad), new(*json.SyntaxError))
		require.Contains(t, bad.Error(), "odd")
	}
	numbers := func(l *lab, opts ...source.Option) ([]source.Event[int], error) {
		opts = append(opts, source.WithHTTPClient(l.Client), source.WithCompleteOnEOF())
		return source.FromEventSource[int]("http://events.test/", opts...).Collect(context.Background())
	}
	t.Run("without a hook it ends the stream and is not retried", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			l := newLab(t, body(in))
			got, err := numbers(l, source.WithRetry(retry.Policy{Retryable: func(error) bool { return true }}))
			var bad *source.ParseError
			require.ErrorAs(t, err, &bad)
			check(t, bad)
			require.Equal(t, []source.Event[int]{{ID: "1", Type: "message", Data: 1}}, got)
			require.Len(t, l.requests(), 1)
		})
	})
	t.Run("with a hook the stream goes on", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			var bad []*source.ParseError
			l := newLab(t, body(in))
			got, err := numbers(l, source.WithOnParseError(func(e *source.ParseError) { bad = append(bad, e) }))
			require.NoError(t, err)
			require.Len(t, bad, 1)
			check(t, bad[0])
			require.Equal(t, []source.Event[int]{{ID: "1", Type: "message", Data: 1}, {ID: "3", Type: "message", Data: 3}}, got)
		})
	})
	t.Run("WithDecoder", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			got, err := numbers(newLab(t, body(in)), source.WithDecoder(func(data []byte, v any) error {
				*v.(*int) = len(data)
				if string(data) == "3" {
					return errTest
				}
				return nil
			}))
			require.ErrorIs(t, err, errTest)
			require.ErrorAs(t, err, new(*source.ParseError))
			require.Equal(t, []source.Event[int]{{ID: "1", Type: "message", Data: 1}, {ID: "2", Type: "odd", Data: 3}}, got)
		})
	})
}

func TestWithEvents(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, body("event: a\ndata: 1\n\ndata: x\n\nevent: b\nid: 9\ndata: y\n\nevent: a\ndata: 2\n\n"), status(204))
		events := source.FromEventSource[int]("http://events.test/", source.WithEvents("a"), source.WithEvents("c"),
			source.WithHTTPClient(l.Client))
		got, err := events.Collect(t.Context())
		require.NoError(t, err, "an event that is dropped is not decoded")
		require.Equal(t, []source.Event[int]{{Type: "a", Data: 1}, {ID: "9", Type: "a", Data: 2}}, got)
		require.Equal(t, []string{"-", "9"}, l.lastEventIDs(), "the ID of a dropped event counts")
	})
}

func TestWithDone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, held("data: 1\n\nid: 5\nevent: end\ndata: [DONE]\n\ndata: 2\n\n"))
		r := l.start(t, source.WithEvents("message"), source.WithDone(func(e source.Event[[]byte]) bool {
			return e.ID == "5" && e.Type == "end" && string(e.Data) == "[DONE]"
		}))
		r.wait(t)
		require.NoError(t, r.err)
		require.Equal(t, []string{"message|1|"}, r.got)
		synctest.Wait()
		require.Zero(t, l.open())
	})
}

func TestWithRequest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		token := 0
		l := newLab(t, body("id: 1\n\n"), status(503), status(204))
		l.start(t, source.WithHeader("X-Key", "k"), source.WithRequest(func(r *http.Request) error {
			token++
			require.Equal(t, "k", r.Header.Get("X-Key"))
			r.Header.Set("Authorization", strings.Repeat("t", token))
			r.Header.Set("X-Key", "replaced")
			return nil
		})).wait(t)
		var tokens []string
		for _, request := range l.requests() {
			tokens = append(tokens, request.Header.Get("Authorization"))
			require.Equal(t, "replaced", request.Header.Get("X-Key"))
		}
		require.Equal(t, []string{"t", "tt", "ttt"}, tokens)
	})
	synctest.Test(t, func(t *testing.T) {
		calls := 0
		l := newLab(t, body("data:x\n\n"))
		r := l.start(t, source.WithRequest(func(*http.Request) error {
			if calls++; calls == 2 {
				return errTest
			}
			return nil
		}))
		r.wait(t)
		require.ErrorIs(t, r.err, errTest)
		require.ErrorAs(t, r.err, new(*source.RequestError))
		require.Len(t, l.requests(), 1)
	})
}

// The caller's client is not written to; its Timeout bounds the wait for headers and does not cut the stream off.
func TestTheClientOfTheCaller(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, silence, redirect(302, "/new"), func(w http.ResponseWriter, r *http.Request) {
			write(w, "data:x\n\n")
			time.Sleep(time.Hour)
			write(w, "data:y\n\n")
			<-r.Context().Done()
		})
		asked := 0
		client := &http.Client{Transport: l.transport(), Timeout: 2 * time.Second,
			CheckRedirect: func(*http.Request, []*http.Request) error { asked++; return nil }}
		var reasons []error
		r := l.start(t, source.WithHTTPClient(client),
			source.WithOnRetry(func(err error, _ int, _ time.Duration) { reasons = append(reasons, err) }))
		time.Sleep(2 * time.Hour)
		synctest.Wait()
		require.Equal(t, []string{"message|x|", "message|y|"}, r.got)
		require.Len(t, reasons, 1)
		require.ErrorIs(t, reasons[0], source.ErrConnectTimeout)
		require.Equal(t, 2*time.Second, client.Timeout)
		require.Equal(t, 1, asked, "the caller's CheckRedirect is asked")
	})
}

func TestWithConnectTimeout(t *testing.T) {
	for _, row := range []struct {
		name string
		opts []source.Option
		want time.Duration // 0 is no limit
	}{
		{"default", nil, 30 * time.Second},
		{"given", []source.Option{source.WithConnectTimeout(time.Second)}, time.Second},
		{"none", []source.Option{source.WithConnectTimeout(0)}, 0},
	} {
		t.Run(row.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				start := time.Now()
				var reason error
				var after time.Duration
				opts := append(row.opts, source.WithOnRetry(func(err error, _ int, _ time.Duration) {
					if reason == nil {
						reason, after = err, time.Since(start)
					}
				}))
				r := newLab(t, silence).start(t, opts...)
				time.Sleep(time.Hour)
				r.stop()
				require.Equal(t, row.want, after)
				require.Equal(t, row.want > 0, errors.Is(reason, source.ErrConnectTimeout))
			})
		})
	}
}

// F6: silence longer than the timeout drops the connection. Any byte, also of a comment, resets the clock.
func TestWithIdleTimeout(t *testing.T) {
	t.Run("F6", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			var reasons []error
			l := newLab(t, held("data:x\n\n"), held("data:y\n\n"))
			r := l.start(t, unjittered, source.WithIdleTimeout(10*time.Second),
				source.WithOnRetry(func(err error, _ int, _ time.Duration) { reasons = append(reasons, err) }))
			time.Sleep(14 * time.Second)
			synctest.Wait()
			require.Equal(t, []string{"message|x|", "message|y|"}, r.got)
			require.Equal(t, []time.Duration{13 * time.Second}, l.gaps())
			require.ErrorIs(t, reasons[0], source.ErrIdleTimeout)
			require.Equal(t, 1, l.open())
		})
	})
	t.Run("F6 bytes", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			l := newLab(t, func(w http.ResponseWriter, r *http.Request) {
				for _, piece := range chop(":beat\ndata:x\n\n:beat\n", func() int { return 1 }) {
					write(w, piece)
					time.Sleep(9 * time.Second)
				}
			}, status(204))
			r := l.start(t, source.WithIdleTimeout(10*time.Second))
			r.wait(t)
			require.Equal(t, []string{"message|x|"}, r.got)
			require.Len(t, l.requests(), 2)
		})
	})
	t.Run("no headers is another matter", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			l := newLab(t, func(w http.ResponseWriter, r *http.Request) {
				time.Sleep(20 * time.Second)
				body("data:x\n\n")(w, r)
			})
			r := l.start(t, source.WithIdleTimeout(10*time.Second), source.WithCompleteOnEOF())
			r.wait(t)
			require.NoError(t, r.err)
			require.Len(t, l.requests(), 1)
		})
	})
	t.Run("a slow consumer is not idle", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			l := newLab(t, held("data:1\n\n", "data:2\n\n", "data:3\n\n"))
			var got []string
			slow := source.WithOnOpen(func(*http.Response) { time.Sleep(time.Minute) })
			err := l.events(source.WithIdleTimeout(10*time.Second), slow)(t.Context(), func(e source.Event[string]) bool {
				time.Sleep(time.Minute)
				got = append(got, e.Data)
				return len(got) < 3
			})
			require.NoError(t, err)
			require.Equal(t, []string{"1", "2", "3"}, got)
			require.Len(t, l.requests(), 1)
		})
	})
}

// A connection that breaks is no end of the body.
func TestWithCompleteOnEOF(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, cut("id: 1\ndata:x\n\n"), status(503), body("data:y\n\ndata:z\n"))
		r := l.start(t, source.WithCompleteOnEOF())
		r.wait(t)
		require.NoError(t, r.err)
		require.Equal(t, []string{"message|x|1", "message|y|1"}, r.got)
		require.Len(t, l.requests(), 3)
	})
}

func TestWithOnOpen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var calls []string
		hook := func(name string) source.Option {
			return source.WithOnOpen(func(r *http.Response) { calls = append(calls, name+" "+r.Header.Get("X-Server")) })
		}
		named := func(name string, next http.HandlerFunc) http.HandlerFunc {
			return func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("X-Server", name)
				next(w, r)
			}
		}
		l := newLab(t, named("a", body("data:x\n\n")), named("b", status(503)), named("c", body("data:y\n\n")), status(204))
		r := l.start(t, hook("first"), hook("second"))
		r.wait(t)
		require.Equal(t, []string{"first a", "second a", "first c", "second c"}, calls)
		require.Equal(t, []string{"message|x|", "message|y|"}, r.got)
	})
}

func TestWithOnRetry(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		type call struct {
			attempt int
			delay   time.Duration
			code    int
			eof     bool
		}
		var calls []call
		l := newLab(t, status(503), body(), cut(), heldFor(time.Minute), status(204))
		r := l.start(t, source.WithOnRetry(func(err error, attempt int, delay time.Duration) {
			var refused *source.StatusError
			c := call{attempt: attempt, delay: delay, eof: errors.Is(err, io.EOF)}
			if errors.As(err, &refused) {
				c.code = refused.Code
			}
			calls = append(calls, c)
		}))
		r.wait(t)
		gaps := l.gaps()
		gaps[3] -= time.Minute
		want := []call{{1, gaps[0], 503, false}, {2, gaps[1], 0, true}, {3, gaps[2], 0, false}, {1, gaps[3], 0, true}}
		require.Equal(t, want, calls)
	})
}

func TestMaxAttempts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		retries := 0
		l := newLab(t, status(503), heldFor(time.Minute), status(503), status(502))
		r := l.start(t, source.WithRetry(retry.Policy{MaxAttempts: 3}),
			source.WithOnRetry(func(error, int, time.Duration) { retries++ }))
		r.wait(t)
		require.Equal(t, 502, statusOf(t, r.err), "the last error")
		require.Len(t, l.requests(), 4, "a healthy connection starts the count again")
		require.Equal(t, 3, retries)
	})
}

func TestWithLogger(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var text bytes.Buffer
		l := newLab(t, heldFor(time.Minute), status(503), status(503), heldFor(time.Minute), status(204))
		l.start(t, source.WithLogger(slog.New(slog.NewTextHandler(&text, nil)))).wait(t)
		require.Equal(t, 2, strings.Count(text.String(), "level=WARN"), text.String())
		require.Equal(t, 2, strings.Count(text.String(), "\n"), text.String())
		require.Contains(t, text.String(), "events.test")
	})
}

func TestOptionMistakesPanic(t *testing.T) {
	for want, build := range map[string]func(){
		"source.WithMaxEventBytes":  func() { source.WithMaxEventBytes(0) },
		"source.WithIdleTimeout":    func() { source.WithIdleTimeout(-1) },
		"source.WithConnectTimeout": func() { source.WithConnectTimeout(-1) },
		"source.WithHTTPClient":     func() { source.WithHTTPClient(nil) },
		"source.WithRequest":        func() { source.WithRequest(nil) },
		"source.WithDone":           func() { source.WithDone(nil) },
		"source.WithDecoder":        func() { source.WithDecoder(nil) },
		"source.WithLogger":         func() { source.WithLogger(nil) },
		"source.WithOnOpen":         func() { source.WithOnOpen(nil) },
		"source.WithOnRetry":        func() { source.WithOnRetry(nil) },
		"source.WithOnStateChange":  func() { source.WithOnStateChange(nil) },
		"source.WithOnComment":      func() { source.WithOnComment(nil) },
		"source.WithOnParseError":   func() { source.WithOnParseError(nil) },
		"source.FromEventSource":    func() { source.FromEventSource[string]("http://events.test/", nil) },
	} {
		t.Run(want, func(t *testing.T) { requirePanic(t, want+": ", build) })
	}
	for _, policy := range []retry.Policy{{Jitter: 1.5}, {MaxAttempts: -1}, {FirstAttempts: -1}} {
		requirePanic(t, "source.WithRetry: ", func() { source.WithRetry(policy) })
	}
}

// The texts of the errors name what a reader needs.
func TestErrorTexts(t *testing.T) {
	for _, row := range []struct {
		err  error
		want []string
	}{
		{&source.ContentTypeError{ContentType: "text/html"}, []string{"text/html", "text/event-stream"}},
		{&source.StatusError{Code: 404, Body: []byte("no such stream")}, []string{"404"}},
		{&source.EventTooLargeError{Limit: 77}, []string{"77"}},
		{&source.RequestError{URL: "ftp://x", Err: errTest}, []string{"ftp://x", errTest.Error()}},
		{&source.RedirectError{URL: "http://y/", Location: "ftp://x"}, []string{"http://y/", "ftp://x"}},
		{&source.ParseError{ID: "9", Type: "odd", Err: errTest}, []string{"odd", errTest.Error()}},
	} {
		for _, want := range row.want {
			require.Contains(t, row.err.Error(), want)
		}
	}
}
