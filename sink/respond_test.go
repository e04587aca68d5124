package sink_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/sink"
	"github.com/rivulet-go/rivulet/source"
)

// responder answers each request with a stream, and keeps what Respond has returned.
type responder[T any] struct {
	src     observable.Observable[T]
	config  sink.Config[T]
	results chan error
}

func respondWith[T any](src observable.Observable[T], config sink.Config[T]) *responder[T] {
	return &responder[T]{src, config, make(chan error, 1000)}
}

func (h *responder[T]) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h.results <- sink.Respond(w, r, h.src, h.config)
}

// stopped is a source that emits some items, waits until it is canceled and fails to stop cleanly if err is not nil.
func stopped(err error, items ...int) observable.Observable[int] {
	return func(ctx context.Context, emit func(int) bool) error {
		for _, n := range items {
			if !emit(n) {
				return err
			}
		}
		<-ctx.Done()
		return errors.Join(context.Cause(ctx), err)
	}
}

func TestRespond(t *testing.T) {
	for name, c := range map[string]struct {
		config sink.Config[int]
		want   string
	}{
		"by default": {sink.Config[int]{}, "data: 1\n\ndata: 2\n\n"},
		"with all fields": {sink.Config[int]{
			ID: number, Type: func(int) string { return "step" }, Retry: 2 * time.Second, Greeting: []int{0},
			Encode: func(n int) ([]byte, error) { return fmt.Appendf(nil, "%d\nof 2", n), nil },
		}, "retry: 2000\n\nevent: step\ndata: 0\ndata: of 2\n\n" +
			"id: 1\nevent: step\ndata: 1\ndata: of 2\n\nid: 2\nevent: step\ndata: 2\ndata: of 2\n\n"},
	} {
		t.Run(name, func(t *testing.T) {
			overBoth(t, func(t *testing.T, http2 bool) {
				synctest.Test(t, func(t *testing.T) {
					handler := respondWith(source.Of(1, 2), c.config)
					server := serveInMemory(t, handler, http2)
					for _, method := range []string{http.MethodGet, http.MethodPost, "INVENTED"} {
						response := ask(t, server.client, method, memoryURL, "")
						require.Equal(t, http.StatusOK, response.StatusCode)
						require.Equal(t, "text/event-stream", response.Header.Get("Content-Type"))
						require.Equal(t, "no-cache, no-transform", response.Header.Get("Cache-Control"))
						require.Equal(t, c.want, body(t, response))
						require.NoError(t, <-handler.results)
					}
				})
			})
		})
	}
}

func TestRespondToHEADRunsNothing(t *testing.T) {
	overBoth(t, func(t *testing.T, http2 bool) {
		synctest.Test(t, func(t *testing.T) {
			handler := respondWith(func(context.Context, func(int) bool) error { panic("it runs") }, sink.Config[int]{})
			response := ask(t, serveInMemory(t, handler, http2).client, http.MethodHead, memoryURL, "")
			require.Equal(t, http.StatusOK, response.StatusCode)
			require.Equal(t, "text/event-stream", response.Header.Get("Content-Type"))
			require.NoError(t, <-handler.results)
		})
	})
}

// The client gets the items before a failure, and the caller the failure itself.
func TestRespondReturnsTheFailure(t *testing.T) {
	unencodable := func(n int) ([]byte, error) {
		if n == 3 {
			return nil, errBroken
		}
		return []byte(number(n)), nil
	}
	teardown := errors.New("teardown")
	for name, c := range map[string]struct {
		src    observable.Observable[int]
		encode func(int) ([]byte, error)
		want   string
		is     []error
	}{
		"at once": {source.Throw[int](errBroken), nil, "", []error{errBroken}},
		"midway":  {operators.Concat(source.Of(1, 2), source.Throw[int](errBroken)), nil, "data: 1\n\ndata: 2\n\n", []error{errBroken}},
		"as an error of a context that is not its own": {source.Throw[int](context.Canceled), nil, "", []error{context.Canceled}},
		"in an item":                  {source.Range(1, 5), unencodable, "data: 1\n\ndata: 2\n\n", []error{errBroken}},
		"in an item, and in stopping": {stopped(teardown, 1, 3), unencodable, "data: 1\n\n", []error{errBroken, teardown}},
	} {
		t.Run(name, func(t *testing.T) {
			overBoth(t, func(t *testing.T, http2 bool) {
				synctest.Test(t, func(t *testing.T) {
					handler := respondWith(c.src, sink.Config[int]{Encode: c.encode})
					response := serveInMemory(t, handler, http2).get(t, "")
					require.Equal(t, http.StatusOK, response.StatusCode)
					require.Equal(t, c.want, body(t, response))
					err := <-handler.results
					for _, target := range c.is {
						require.ErrorIs(t, err, target)
					}
				})
			})
		})
	}
}

// While its client does not read, a source cannot be further ahead than Buffer and what is being written.
func TestRespondHoldsTheSourceBack(t *testing.T) {
	const items, buffer = 1000, 5
	synctest.Test(t, func(t *testing.T) {
		var emitted atomic.Int64
		numbers := operators.Tap(source.Range(0, items), observable.Observer[int]{Next: func(int) { emitted.Add(1) }})
		handler := respondWith(numbers, sink.Config[int]{Buffer: buffer})
		client := serveInMemory(t, handler, false).dial(t, "GET / HTTP/1.1")
		time.Sleep(20 * time.Second)
		require.LessOrEqual(t, emitted.Load(), int64(1+buffer+buffer), "one waits in emit, a buffer waits, and one is written")
		require.Equal(t, items, strings.Count(body(t, client.response(t)), "data: "))
		require.NoError(t, <-handler.results)
	})
}

// A client that does not read at all is disconnected.
func TestRespondToAClientThatDoesNotRead(t *testing.T) {
	overBoth(t, func(t *testing.T, http2 bool) {
		synctest.Test(t, func(t *testing.T) {
			teardown := errors.New("teardown")
			src := operators.Map(stopped(teardown, 1), func(int) []byte { return large })
			handler := respondWith(src, sink.Config[[]byte]{WriteTimeout: 10 * time.Second})
			serveInMemory(t, handler, http2).get(t, "")
			begin := time.Now()
			err := <-handler.results
			require.ErrorIs(t, err, sink.ErrTooSlow)
			require.ErrorIs(t, err, teardown)
			require.NotErrorIs(t, err, context.Canceled)
			require.Equal(t, 10*time.Second, time.Since(begin))
		})
	})
}

// When the client has gone, the source is stopped, whether it is silent or never stops emitting.
func TestRespondToAClientThatHasGone(t *testing.T) {
	teardown := errors.New("teardown")
	for name, c := range map[string]struct {
		src observable.Observable[int]
		is  []error
	}{
		"silent":                       {stopped(nil, 0), []error{context.Canceled}},
		"silent, and it fails to stop": {stopped(teardown, 0), []error{context.Canceled, teardown}},
		"now and then":                 {source.Interval(time.Second), []error{context.Canceled}},
		"all the time":                 {source.Range(0, math.MaxInt), []error{context.Canceled}},
	} {
		t.Run(name, func(t *testing.T) {
			overBoth(t, func(t *testing.T, http2 bool) {
				synctest.Test(t, func(t *testing.T) {
					handler := respondWith(c.src, sink.Config[int]{})
					response := serveInMemory(t, handler, http2).get(t, "")
					require.Equal(t, "data: 0\n\n", lines(t, bufio.NewReader(response.Body), 2))
					require.NoError(t, response.Body.Close())
					err := <-handler.results
					for _, target := range c.is {
						require.ErrorIs(t, err, target)
					}
				})
			})
		})
	}
}

// A shutdown does not wait for the source: it is stopped, and the client gets each item that it has emitted.
func TestRespondWhileTheServerIsShutDown(t *testing.T) {
	for name, src := range map[string]observable.Observable[int]{
		"silent": stopped(nil, 0, 1), "all the time": source.Range(0, math.MaxInt),
	} {
		t.Run(name, func(t *testing.T) {
			overBoth(t, func(t *testing.T, http2 bool) {
				synctest.Test(t, func(t *testing.T) {
					handler := respondWith(src, sink.Config[int]{})
					server := serveInMemory(t, handler, http2)
					events := bufio.NewReader(server.get(t, "").Body)
					require.Equal(t, "data: 0\n\ndata: 1\n\n", lines(t, events, 4))
					synctest.Wait()
					down := make(chan error, 1)
					go func() { down <- server.Shutdown(t.Context()) }()
					rest, err := io.ReadAll(events)
					require.NoError(t, err, "the response ends as it should")
					require.True(t, len(rest) == 0 || strings.HasSuffix(string(rest), "\n\n"), "no event is cut in two")
					require.Equal(t, http.ErrServerClosed, <-handler.results)
					require.NoError(t, <-down)
				})
			})
		})
	}
}

// A source that had completed before the shutdown has completed, if the client reads the rest in time.
func TestRespondCompletesInAShutdown(t *testing.T) {
	overBoth(t, func(t *testing.T, http2 bool) {
		synctest.Test(t, func(t *testing.T) {
			handler := respondWith(source.Range(0, 20), sink.Config[int]{
				Encode: func(int) ([]byte, error) { return large[:20<<10], nil },
			})
			server := serveInMemory(t, handler, http2)
			response := server.get(t, "")
			synctest.Wait()
			down := make(chan error, 1)
			go func() { down <- server.Shutdown(t.Context()) }()
			synctest.Wait()
			require.Equal(t, 20, strings.Count(body(t, response), "data: "))
			require.NoError(t, <-handler.results)
			require.NoError(t, <-down)
		})
	})
}

// A middleware may limit how long a response may take.
func TestRespondEndsWithTheContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		late := errors.New("late")
		handler := respondWith(source.Interval(time.Second), sink.Config[int]{})
		server := serveInMemory(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			ctx, cancel := context.WithTimeoutCause(r.Context(), 2500*time.Millisecond, late)
			defer cancel()
			handler.ServeHTTP(w, r.WithContext(ctx))
		}), false)
		require.Equal(t, "data: 0\n\ndata: 1\n\n", body(t, server.get(t, "")))
		require.Equal(t, late, <-handler.results)
	})
}

func TestRespondWhenAWriteFails(t *testing.T) {
	w := &writer{onWrite: func([]byte) error { return net.ErrClosed }}
	err := sink.Respond(w, httptest.NewRequest(http.MethodGet, "/", nil), source.Range(0, math.MaxInt), sink.Config[int]{})
	require.ErrorIs(t, err, net.ErrClosed)
	require.EqualError(t, err, "rivulet: writing a response: use of closed network connection")
}

func TestRespondWhenTheResponseCannotFlush(t *testing.T) {
	w := httptest.NewRecorder()
	src := func(context.Context, func(int) bool) error { panic("it runs") }
	err := sink.Respond(noFlush{w}, httptest.NewRequest(http.MethodGet, "/", nil), src, sink.Config[int]{})
	require.ErrorIs(t, err, http.ErrNotSupported)
	require.Equal(t, http.StatusInternalServerError, w.Code)
	require.Contains(t, w.Body.String(), "cannot flush")
	require.NotContains(t, w.Header().Get("Content-Type"), "event-stream")
}

func TestRespondHasHeartbeats(t *testing.T) {
	overBoth(t, func(t *testing.T, http2 bool) {
		synctest.Test(t, func(t *testing.T) {
			begin := time.Now()
			handler := respondWith(source.Timer(40*time.Second), sink.Config[time.Time]{
				Encode: func(time.Time) ([]byte, error) { return []byte("done"), nil },
			})
			response := serveInMemory(t, handler, http2).get(t, "")
			require.Equal(t, ":\n\n:\n\ndata: done\n\n", body(t, response))
			require.Equal(t, 40*time.Second, time.Since(begin))
			require.NoError(t, <-handler.results)
		})
	})
}

func TestRespondPanicsOnMistakes(t *testing.T) {
	w, r := httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", nil)
	require.PanicsWithValue(t, "sink.Respond: nil source", func() { _ = sink.Respond(w, r, nil, sink.Config[int]{}) })
	require.PanicsWithError(t, "sink.Respond: Config.Buffer is -1, it must not be negative", func() {
		_ = sink.Respond(w, r, source.Of(1), sink.Config[int]{Buffer: -1})
	})
}

// The connection of a request whose body was read serves the next one.
func TestRespondKeepsTheConnection(t *testing.T) {
	for name, c := range map[string]struct {
		read  func(io.ReadCloser)
		conns int32
	}{
		"to its end":            {func(b io.ReadCloser) { _, _ = io.Copy(io.Discard, b) }, 1},
		"to its end and closed": {func(b io.ReadCloser) { _, _ = io.Copy(io.Discard, b); _ = b.Close() }, 1},
		"not to its end":        {func(b io.ReadCloser) { _, _ = b.Read(make([]byte, 1)) }, 3},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var conns atomic.Int32
				handler := respondWith(source.Of(1), sink.Config[int]{})
				server := serveInMemory(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					c.read(r.Body)
					handler.ServeHTTP(w, r)
				}), false, func(s *http.Server) {
					s.ConnState = func(_ net.Conn, state http.ConnState) {
						if state == http.StateNew {
							conns.Add(1)
						}
					}
				})
				for range 3 {
					response, err := server.client.Post(memoryURL, "application/json", strings.NewReader(`{"n": 1}`))
					require.NoError(t, err)
					require.Equal(t, "data: 1\n\n", body(t, response))
					require.NoError(t, response.Body.Close())
					time.Sleep(2 * time.Second)
				}
				require.Equal(t, c.conns, conns.Load())
			})
		})
	}
}

// A body that is announced and never sent holds neither the response up nor the end of the connection.
func TestRespondToABodyThatIsNeverSent(t *testing.T) {
	withoutTheBody(t, func(t *testing.T, announced string) {
		handler := respondWith(source.Of(1, 2), sink.Config[int]{})
		client := serveInMemory(t, handler, false).dial(t, "POST / HTTP/1.1\r\n"+announced)
		begin := time.Now()
		response := client.response(t)
		for response.StatusCode == http.StatusContinue {
			response = client.response(t)
		}
		require.Equal(t, "data: 1\n\ndata: 2\n\n", body(t, response))
		require.Equal(t, begin, time.Now())
		_, err := io.Copy(io.Discard, client)
		require.NoError(t, err)
		require.LessOrEqual(t, time.Since(begin), 2*time.Second)
		require.NoError(t, <-handler.results)
	})
}

// Clients come and go at random, and the server is shut down. Each response that was complete for its caller was so for
// its client. The bubble fails on a goroutine that is left.
func TestRespondWhateverHappens(t *testing.T) {
	const clients, items = 8, 30
	overBoth(t, func(t *testing.T, http2 bool) {
		for range 20 {
			synctest.Test(t, func(t *testing.T) {
				handler := respondWith(counting(items), sink.Config[int]{Buffer: 4, Heartbeat: 10 * time.Millisecond})
				server := serveInMemory(t, handler, http2)
				complete := make(chan bool, clients)
				for range clients {
					go func() {
						ctx, cancel := context.WithTimeout(t.Context(), time.Duration(1+rand.IntN(100))*time.Millisecond)
						defer cancel()
						request, err := http.NewRequestWithContext(ctx, http.MethodGet, memoryURL, nil)
						require.NoError(t, err)
						response, err := server.client.Do(request)
						if err != nil {
							complete <- false
							return
						}
						defer response.Body.Close()
						all, err := io.ReadAll(response.Body)
						complete <- err == nil && strings.Count(string(all), "data: ") == items
					}()
				}
				time.Sleep(time.Duration(rand.IntN(100)) * time.Millisecond)
				require.NoError(t, server.Shutdown(t.Context()))
				got := 0
				for range clients {
					if <-complete {
						got++
					}
				}
				time.Sleep(time.Second) // a source may sleep when it is canceled
				synctest.Wait()
				close(handler.results)
				returned := 0
				for err := range handler.results {
					if err == nil {
						returned++
					}
				}
				require.GreaterOrEqual(t, returned, got)
			})
		}
	})
}
