package rivulet_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet"
	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/retry"
	"github.com/rivulet-go/rivulet/source"
)

// listen returns a Listener for s, and what its handlers are called with.
func listen(s *server, options ...source.Option) (*rivulet.Listener[int], chan any) {
	calls := make(chan any, 1000)
	options = append(options, source.WithHTTPClient(&http.Client{Transport: s}))
	return rivulet.NewListener("http://events.test", rivulet.Handlers[int]{
		OnOpen:       func(r *http.Response) { calls <- r.StatusCode },
		OnMessage:    func(e source.Event[int]) { calls <- e },
		OnParseError: func(err *source.ParseError) { calls <- string(err.Data) },
		OnRetry:      func(err error, attempt int, delay time.Duration) { calls <- retried{err, attempt, delay} },
		OnError:      func(err error) { calls <- err },
	}, options...), calls
}

// retried is what OnRetry is called with.
type retried struct {
	err     error
	attempt int
	delay   time.Duration
}

func message(id string, data int) source.Event[int] {
	return source.Event[int]{ID: id, Type: "message", Data: data}
}

// drained is what was called so far.
func drained(calls chan any) (all []any) {
	synctest.Wait()
	for len(calls) > 0 {
		all = append(all, <-calls)
	}
	return all
}

func TestAListenerIsLazyAndStartsAndStops(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(always("data: 1\n\ndata: x\n\ndata: 2\n\n"))
		l, calls := listen(s)
		require.Empty(t, drained(calls))
		require.Zero(t, s.requests.Load())
		require.False(t, l.Listening())
		require.Equal(t, source.Closed, l.State())
		require.NoError(t, l.Wait())

		for range 3 {
			require.NoError(t, l.StartListening(t.Context()))
			require.True(t, l.Listening())
		}
		require.Equal(t, []any{200, message("", 1), "x", message("", 2)}, drained(calls))
		require.Equal(t, source.Open, l.State())
		require.EqualValues(t, 1, s.requests.Load())

		for range 3 {
			l.StopListening()
			require.False(t, l.Listening())
			require.Equal(t, source.Closed, l.State())
		}
		require.NoError(t, l.Wait())
		require.Empty(t, drained(calls))
		require.Zero(t, s.open.Load())

		require.NoError(t, l.StartListening(t.Context()))
		require.Len(t, drained(calls), 4)
		l.StopListening()
	})
}

func TestAnOptionOfNilPanicsAtOnce(t *testing.T) {
	require.Panics(t, func() { rivulet.NewListener("http://events.test", rivulet.Handlers[int]{}, nil) })
}

func TestListenIsEager(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(always("data: 1\n\n"))
		got := 0
		l, err := rivulet.Listen(t.Context(), "http://events.test", rivulet.Handlers[int]{
			OnMessage: func(e source.Event[int]) { got = e.Data },
		}, source.WithHTTPClient(&http.Client{Transport: s}))
		require.NoError(t, err)
		synctest.Wait()
		require.Equal(t, 1, got)
		l.StopListening()
	})
}

func TestALostConnectionIsRetriedUntilTheEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(func(n int, r *http.Request) (int, string) {
			if n == 3 {
				return http.StatusNotFound, ""
			}
			return http.StatusOK, fmt.Sprintf("id: %d\ndata: %d\n\n", n, n)
		})
		l, calls := listen(s, source.WithRetry(retry.Policy{Jitter: -1}))
		require.NoError(t, l.StartListening(t.Context()))
		require.Equal(t, []any{200, message("1", 1)}, drained(calls))

		s.drop <- struct{}{}
		lost := drained(calls)
		require.Len(t, lost, 1)
		require.ErrorIs(t, lost[0].(retried).err, io.EOF)
		require.Equal(t, 1, lost[0].(retried).attempt)
		require.Equal(t, 3*time.Second, lost[0].(retried).delay)
		require.Equal(t, source.Connecting, l.State())
		time.Sleep(time.Minute)
		require.Equal(t, []any{200, message("2", 2)}, drained(calls))

		s.drop <- struct{}{}
		synctest.Wait()
		require.Len(t, drained(calls), 1)
		go func() { s.drop <- struct{}{} }() // ends the body of the 404
		err := l.Wait()
		status, ok := errors.AsType[*source.StatusError](err)
		require.True(t, ok)
		require.Equal(t, http.StatusNotFound, status.Code)
		require.Equal(t, []any{err}, drained(calls))
		require.Equal(t, source.Closed, l.State())
		require.False(t, l.Listening())
	})
}

// When a hook is called with a state, the Listener is in that state already.
func TestTheStateWithinAHook(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(always("data: 1\n\n"))
		var l *rivulet.Listener[int]
		var called, asked []source.State
		l, _ = listen(s, source.WithOnStateChange(func(state source.State) {
			called, asked = append(called, state), append(asked, l.State())
		}), source.WithRetry(retry.Policy{MaxAttempts: 2}))
		require.NoError(t, l.StartListening(t.Context()))
		for range 2 {
			s.drop <- struct{}{}
		}
		require.ErrorIs(t, l.Wait(), io.EOF)
		require.Equal(t, []source.State{
			source.Connecting, source.Open, source.Connecting, source.Open, source.Closed,
		}, called)
		require.Equal(t, called, asked)
	})
}

func TestAnEndByTheServerIsEOF(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(func(int, *http.Request) (int, string) { return http.StatusNoContent, "" })
		l, calls := listen(s)
		require.NoError(t, l.StartListening(t.Context()))
		require.NoError(t, l.Wait())
		require.Equal(t, []any{io.EOF}, drained(calls))
		require.False(t, l.Listening())
	})
}

func TestADoneContextIsAnErrorWithItsCause(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cause := errors.New("enough")
		ctx, cancel := context.WithCancelCause(t.Context())
		l, calls := listen(newServer(always("")))
		require.NoError(t, l.StartListening(ctx))
		require.Equal(t, []any{200}, drained(calls))
		cancel(cause)
		require.Equal(t, cause, l.Wait())
		require.Equal(t, []any{cause}, drained(calls))
		require.Equal(t, cause, l.StartListening(ctx))
		require.False(t, l.Listening())
	})
}

func TestAParseErrorWithoutAHandlerIsLogged(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := logged(t)
		s := newServer(always("data: x\n\ndata: 1\n\n"))
		var calls []any
		l, err := rivulet.Listen(t.Context(), "http://events.test/?token=secret", rivulet.Handlers[int]{
			OnMessage: func(e source.Event[int]) { calls = append(calls, e.Data) },
			OnError:   func(err error) { calls = append(calls, err) },
		}, source.WithHTTPClient(&http.Client{Transport: s}))
		require.NoError(t, err)
		synctest.Wait()
		require.Equal(t, []any{1}, calls, "OnError is for the end")
		require.Contains(t, log.String(), "level=WARN")
		require.Contains(t, log.String(), "event source http://events.test/: decoding the 1 bytes")
		l.StopListening()
	})
}

func TestComments(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var calls []any
		l, err := rivulet.Listen(t.Context(), "http://events.test", rivulet.Handlers[int]{
			OnMessage: func(e source.Event[int]) { calls = append(calls, e.Data) },
			OnComment: func(text string) { calls = append(calls, text) },
		}, source.WithHTTPClient(&http.Client{Transport: newServer(always(": beat\n\ndata: 1\n\n:\n"))}))
		require.NoError(t, err)
		synctest.Wait()
		require.Equal(t, []any{"beat", 1, ""}, calls)
		l.StopListening()
	})
}

// logged returns what is logged by default, for as long as the test runs.
func logged(t *testing.T) *bytes.Buffer {
	var log bytes.Buffer
	before := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(&log, nil)))
	t.Cleanup(func() { slog.SetDefault(before) })
	return &log
}

func TestTheLastEventIDOfTheNextSession(t *testing.T) {
	for name, c := range map[string]struct {
		again   func(t *testing.T, l *rivulet.Listener[int])
		options []source.Option
		want    string
	}{
		"stop and start begin again": {stopAndStart, nil, ""},
		"stop and start with a Position resume": {
			stopAndStart, []source.Option{source.WithPosition(new(source.Position))}, "7"},
		"a restart goes on":                   {func(_ *testing.T, l *rivulet.Listener[int]) { l.Restart() }, nil, "7"},
		"WithLastEventID is for each session": {stopAndStart, []source.Option{source.WithLastEventID("3")}, "3"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				latest := ""
				s := newServer(func(_ int, r *http.Request) (int, string) {
					latest = r.Header.Get("Last-Event-ID")
					return http.StatusOK, "id: 7\ndata: 1\n\n"
				})
				l, calls := listen(s, c.options...)
				require.NoError(t, l.StartListening(t.Context()))
				require.Equal(t, []any{200, message("7", 1)}, drained(calls))
				c.again(t, l)
				require.Equal(t, []any{200, message("7", 1)}, drained(calls))
				require.Equal(t, c.want, latest)
				require.EqualValues(t, 1, s.open.Load())
				l.StopListening()
			})
		})
	}
}

func stopAndStart(t *testing.T, l *rivulet.Listener[int]) {
	l.StopListening()
	require.NoError(t, l.StartListening(t.Context()))
}

func TestRestartOfAStoppedListenerDoesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(always(""))
		l, calls := listen(s)
		l.Restart()
		require.NoError(t, l.StartListening(t.Context()))
		l.StopListening()
		l.Restart()
		require.NoError(t, l.Wait())
		require.False(t, l.Listening())
		require.LessOrEqual(t, len(drained(calls)), 1)
	})
}

// A handler may do what other code may do, and no other handler runs meanwhile.
func TestHandlersStopStartAndRestart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(always("data: 1\n\ndata: 2\n\n"))
		var l *rivulet.Listener[int]
		var running, messages atomic.Int32
		l = rivulet.NewListener("http://events.test", rivulet.Handlers[int]{
			OnMessage: func(e source.Event[int]) {
				require.EqualValues(t, 1, running.Add(1))
				switch n := messages.Add(1); {
				case n < 10:
					l.StopListening()
					require.NoError(t, l.StartListening(t.Context()))
				case n < 20:
					l.Restart()
				default:
					l.StopListening()
				}
				time.Sleep(time.Second)
				running.Add(-1)
			},
		}, source.WithHTTPClient(&http.Client{Transport: s}))
		require.NoError(t, l.StartListening(t.Context()))
		require.NoError(t, l.Wait())
		require.EqualValues(t, 20, messages.Load())
		require.EqualValues(t, 20, s.requests.Load())
	})
}

func TestStartsStopsAndRestartsFromEverywhere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var running atomic.Int32
		s := newServer(always("data: 1\n\n"))
		l := rivulet.NewListener("http://events.test", rivulet.Handlers[int]{
			OnMessage: func(source.Event[int]) {
				require.EqualValues(t, 1, running.Add(1))
				time.Sleep(time.Millisecond)
				running.Add(-1)
			},
		}, source.WithHTTPClient(&http.Client{Transport: s}))
		for i := range 8 {
			go func() {
				for n := range 50 {
					switch (i + n) % 3 {
					case 0:
						l.StopListening()
					case 1:
						_ = l.StartListening(t.Context())
					default:
						l.Restart()
					}
					time.Sleep(time.Duration(i) * time.Millisecond / 3)
				}
			}()
		}
		time.Sleep(time.Minute)
		l.StopListening()
		require.NoError(t, l.Wait())
		synctest.Wait()
		require.Zero(t, s.open.Load())
	})
}

func TestTheObservableOutlivesTheSessions(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(func(n int, _ *http.Request) (int, string) {
			return http.StatusOK, fmt.Sprintf("data: %d\n\n", n)
		})
		l, calls := listen(s)
		var got []int
		subscription := l.Observable().Subscribe(t.Context(), observable.Observer[source.Event[int]]{
			Next: func(e source.Event[int]) { got = append(got, e.Data) },
		})
		synctest.Wait()
		for range 3 {
			require.NoError(t, l.StartListening(t.Context()))
			synctest.Wait()
			l.StopListening()
		}
		require.NoError(t, l.Wait())
		synctest.Wait()
		require.Equal(t, []int{1, 2, 3}, got)
		require.Len(t, drained(calls), 6)
		subscription.Dispose()
		require.NoError(t, subscription.Wait())
	})
}

// It is, but not the secrets in the URL.
func TestAFailureThatNobodyHandlesIsLogged(t *testing.T) {
	for want, answer := range map[string]func(r *http.Request) (*http.Response, error){
		"answered 404 Not Found": func(r *http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: http.StatusNotFound, Request: r}, nil
		},
		"giving up after 1 attempt: event source http://events.test/stream: refused": func(
			*http.Request) (*http.Response, error) {
			return nil, errors.New("refused")
		},
		"no request can be made: no token": nil,
	} {
		t.Run(want, func(t *testing.T) {
			log := logged(t)
			l, err := rivulet.Listen(t.Context(), "http://user:secret@events.test/stream?token=secret", rivulet.Handlers[int]{},
				source.WithHTTPClient(&http.Client{Transport: roundTripper(answer)}),
				source.WithRequest(func(*http.Request) error {
					if answer == nil {
						return errors.New("no token")
					}
					return nil
				}),
				source.WithRetry(retry.Policy{MaxAttempts: 1}))
			require.NoError(t, err)
			require.Error(t, l.Wait())
			require.Contains(t, log.String(), want)
			require.Contains(t, log.String(), "event source http://events.test/stream: ")
			require.NotContains(t, log.String(), "secret")
		})
	}
}
