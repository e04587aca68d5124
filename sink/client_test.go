package sink_test

import (
	"bufio"
	"bytes"
	"context"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime"
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

// A response must not be touched when its handler has returned: with HTTP/2 that is a nil dereference within net/http.
func TestTheResponseIsLeftAloneAfterItsEnd(t *testing.T) {
	for range 20 {
		synctest.Test(t, func(t *testing.T) {
			returned := false
			w := &writer{setDeadline: func(time.Time) { require.False(t, returned) }}
			sink.EventSource(source.Of(1), sink.Config[int]{}).ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", nil))
			returned = true
			synctest.Wait()
		})
	}
}

func TestAClientThatHasGoneIsForgotten(t *testing.T) {
	handler := sink.EventSource(source.Never[int](), sink.Config[int]{Greeting: []int{1}})
	defer handler.Close()
	freed := make(chan struct{})
	func() {
		ctx, cancel := context.WithCancel(t.Context())
		w := &writer{onWrite: func([]byte) error { cancel(); return nil }}
		runtime.AddCleanup(w, func(struct{}) { close(freed) }, struct{}{})
		handler.ServeHTTP(w, httptest.NewRequestWithContext(ctx, http.MethodGet, "/", nil))
	}()
	require.Eventually(t, func() bool {
		runtime.GC()
		select {
		case <-freed:
			return true
		default:
			return false
		}
	}, 10*time.Second, time.Millisecond)
}

// When the handler is closed, a client has a second for all events that were sent to it, not a second for each.
func TestCloseOfAHandlerWithALaggingClient(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var deadline atomic.Pointer[time.Time]
		w := &writer{
			setDeadline: func(d time.Time) { deadline.Store(&d) },
			onWrite: func([]byte) error {
				time.Sleep(900 * time.Millisecond)
				if d := *deadline.Load(); d.IsZero() || time.Now().Before(d) {
					return nil
				}
				return os.ErrDeadlineExceeded
			},
		}
		one := bytes.Repeat([]byte("x"), 64<<10) // too large to be written with others
		handler := sink.EventSource(operators.Map(source.Range(0, 100), func(int) []byte { return one }),
			sink.Config[[]byte]{Encode: asItIs})
		begin := time.Now()
		go func() {
			time.Sleep(10 * time.Second)
			handler.Close()
		}()
		handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", nil))
		require.Less(t, time.Since(begin), 12*time.Second)
		require.Zero(t, handler.Stats().Disconnected)
	})
}

// A client that is too many events behind gets no event from after the gap, even if its response has no deadlines.
func TestAClientThatIsDisconnectedGetsNothingFromAfterTheGap(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		items := observable.NewSubject[int]()
		handler := sink.EventSource(items.Observable(), sink.Config[int]{ID: noID[int], Buffer: 2})
		defer handler.Close()
		gate := make(chan struct{})
		var got string
		w := &writer{onWrite: func(wire []byte) error {
			<-gate
			got += string(wire)
			return nil
		}}
		go handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", nil))
		synctest.Wait()
		for n := range 6 { // 0 is being written, 1 and 2 wait, 3 is too much
			if n == 5 {
				gate <- struct{}{}
			}
			synctest.Wait()
			items.Next(n)
		}
		synctest.Wait()
		close(gate)
		synctest.Wait()
		require.Equal(t, "data: 0\n\n", got)
		require.EqualValues(t, 1, handler.Stats().Disconnected)
	})
}

func TestAClientThatLeavesIsNotDisconnected(t *testing.T) {
	overBoth(t, func(t *testing.T, http2 bool) {
		synctest.Test(t, func(t *testing.T) {
			handler := sink.EventSource(source.Interval(time.Second), sink.Config[int]{})
			defer handler.Close()
			response := serveInMemory(t, handler, http2).get(t, "")
			_ = lines(t, bufio.NewReader(response.Body), 10)
			require.NoError(t, response.Body.Close())
			time.Sleep(time.Minute)
			require.Zero(t, handler.Clients())
			require.Zero(t, handler.Stats().Disconnected)
		})
	})
}

// A client whose connection breaks during a write is not too slow.
func TestAWriteThatFailsIsNotADisconnect(t *testing.T) {
	handler := sink.EventSource(source.Of(1), sink.Config[int]{})
	w := &writer{onWrite: func([]byte) error { return os.ErrClosed }}
	handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", nil))
	require.Zero(t, handler.Stats().Disconnected)
}

// A client may hang in a write that begins at the very moment at which the handler is closed.
func TestCloseEndsAWriteThatIsAboutToHang(t *testing.T) {
	for _, closedIn := range []string{"the flush of the header", "the write", "the deadline"} {
		synctest.Test(t, func(t *testing.T) {
			var handler *sink.Handler[int]
			closeIn := func(where string) {
				if where == closedIn {
					handler.Close()
				}
			}
			deadline := make(chan time.Time, 10)
			w := &writer{
				setDeadline: func(d time.Time) { closeIn("the deadline"); deadline <- d },
				onFlush:     func() { closeIn("the flush of the header") },
			}
			w.onWrite = func([]byte) error {
				closeIn("the write")
				for d := range deadline {
					if !d.IsZero() {
						time.Sleep(time.Until(d))
						return os.ErrDeadlineExceeded
					}
				}
				return nil
			}
			handler = sink.EventSource(source.Never[int](), sink.Config[int]{Greeting: []int{1}, WriteTimeout: time.Hour})
			begin := time.Now()
			handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", nil))
			require.Less(t, time.Since(begin), time.Minute)
		})
	}
}

// The flush of the header may hang as well, for a response that must already end.
func TestTheFlushOfTheHeaderMayHang(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var handler *sink.Handler[int]
		deadline := make(chan time.Time, 10)
		w := &writer{setDeadline: func(d time.Time) { handler.Close(); deadline <- d }}
		w.onFlush = func() {
			for d := range deadline {
				if !d.IsZero() {
					time.Sleep(time.Until(d))
					return
				}
			}
		}
		handler = sink.EventSource(source.Never[int](), sink.Config[int]{WriteTimeout: -1})
		begin := time.Now()
		handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", nil))
		require.Equal(t, time.Second, time.Since(begin))
	})
}

// large is an event that fills all buffers on the way to a client that does not read.
var large = bytes.Repeat([]byte("x"), 300<<10)

func asItIs(data []byte) ([]byte, error) { return data, nil }

func TestAClientThatHangsInAWriteIsDisconnected(t *testing.T) {
	overBoth(t, func(t *testing.T, http2 bool) {
		synctest.Test(t, func(t *testing.T) {
			begin := time.Now()
			var disconnectedAfter time.Duration
			handler := sink.EventSource(source.Of(large), sink.Config[[]byte]{
				Encode: asItIs, WriteTimeout: time.Minute, OnDisconnect: func(*http.Request) { disconnectedAfter = time.Since(begin) },
			})
			defer handler.Close()
			serveInMemory(t, handler, http2).get(t, "")
			time.Sleep(time.Hour)
			synctest.Wait()
			require.EqualValues(t, 1, handler.Stats().Disconnected)
			require.Equal(t, time.Minute, disconnectedAfter)
			require.Zero(t, handler.Clients())
		})
	})
}

// A client that is too many events behind is disconnected even while it hangs in a write. It gets no event from after
// the gap.
func TestAClientWithTooMuchWaitingIsDisconnected(t *testing.T) {
	overBoth(t, func(t *testing.T, http2 bool) {
		synctest.Test(t, func(t *testing.T) {
			begin := time.Now()
			var disconnectedAfter time.Duration
			items := operators.Map(source.Interval(time.Second), func(int) []byte { return large })
			handler := sink.EventSource(items, sink.Config[[]byte]{
				Encode: asItIs, Buffer: 4, WriteTimeout: -1, OnDisconnect: func(*http.Request) { disconnectedAfter = time.Since(begin) },
			})
			serveInMemory(t, handler, http2).get(t, "")
			time.Sleep(7 * time.Second)
			handler.Close()
			synctest.Wait()
			require.EqualValues(t, 1, handler.Stats().Disconnected)
			require.Equal(t, 6*time.Second, disconnectedAfter, "one is being written, four wait, and there comes another one")
			require.Zero(t, handler.Clients())
		})
	})
}

// Close soon ends a response that hangs.
func TestCloseEndsAResponseThatHangs(t *testing.T) {
	overBoth(t, func(t *testing.T, http2 bool) {
		synctest.Test(t, func(t *testing.T) {
			handler := sink.EventSource(source.Of(large), sink.Config[[]byte]{Encode: asItIs, WriteTimeout: -1})
			serveInMemory(t, handler, http2).get(t, "")
			time.Sleep(time.Hour)
			require.Equal(t, 1, handler.Clients())
			handler.Close()
			time.Sleep(2 * time.Second)
			require.Zero(t, handler.Clients())
			require.Zero(t, handler.Stats().Disconnected, "it was not its fault")
		})
	})
}

// The timeouts of an http.Server do not apply to a stream.
func TestTheTimeoutsOfTheServerDoNotEndAStream(t *testing.T) {
	for name, timeout := range map[string]time.Duration{"with a limit": time.Minute, "without a limit": -1} {
		t.Run(name, func(t *testing.T) {
			overBoth(t, func(t *testing.T, http2 bool) {
				synctest.Test(t, func(t *testing.T) {
					handler := sink.EventSource(source.Interval(20*time.Second), sink.Config[int]{
						ID: noID[int], WriteTimeout: timeout, Heartbeat: -1,
					})
					server := serveInMemory(t, handler, http2, func(s *http.Server) {
						s.ReadTimeout, s.WriteTimeout = 10*time.Second, 10*time.Second
					})
					response := server.get(t, "")
					require.Equal(t, "data: 0\n\ndata: 1\n\n", lines(t, bufio.NewReader(response.Body), 4))
					handler.Close()
				})
			})
		})
	}
}

// The WriteTimeout does not run while there is no event. After a long silence, events and the end are still sent.
func TestASilenceLongerThanTheWriteTimeout(t *testing.T) {
	overBoth(t, func(t *testing.T, http2 bool) {
		synctest.Test(t, func(t *testing.T) {
			items := observable.NewSubject[int]()
			handler := sink.EventSource(items.Observable(), sink.Config[int]{
				ID: noID[int], Heartbeat: -1, WriteTimeout: 10 * time.Second,
			})
			response := serveInMemory(t, handler, http2).get(t, "")
			synctest.Wait()
			time.AfterFunc(time.Minute, func() { items.Next(0) })
			time.AfterFunc(time.Hour, items.Complete)
			require.Equal(t, "data: 0\n\n", body(t, response))
		})
	})
}

// A client that has stopped reading when the stream ends, after a silence, does not keep the connection.
func TestTheEndOfAResponseMayHang(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var closed atomic.Pointer[time.Time]
		items := observable.NewSubject[int]()
		handler := sink.EventSource(items.Observable(), sink.Config[int]{ID: noID[int], Heartbeat: -1})
		server := serveInMemory(t, handler, false, func(s *http.Server) {
			s.ConnState = func(_ net.Conn, state http.ConnState) {
				if now := time.Now(); state == http.StateClosed {
					closed.Store(&now)
				}
			}
		})
		r := bufio.NewReader(server.get(t, "").Body)
		synctest.Wait()
		items.Next(0)
		require.Equal(t, "data: 0\n\n", lines(t, r, 2))
		time.Sleep(time.Hour)
		end := time.Now()
		items.Complete()
		time.Sleep(time.Hour)
		require.NotNil(t, closed.Load())
		require.Equal(t, 30*time.Second, closed.Load().Sub(end))
	})
}

func TestHeartbeat(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		begin := time.Now()
		items := observable.NewSubject[string]()
		handler := sink.EventSource(items.Observable(), sink.Config[string]{ID: noID[string], Heartbeat: 15 * time.Second})
		r := bufio.NewReader(serveInMemory(t, handler, false).get(t, "").Body)
		for range 3 { // no silence, no heartbeat
			time.Sleep(14 * time.Second)
			items.Next("x")
			require.Equal(t, "data: x\n\n", lines(t, r, 2))
		}
		for n := range 3 {
			require.Equal(t, ":\n\n", lines(t, r, 2))
			require.Equal(t, 42*time.Second+time.Duration(n+1)*15*time.Second, time.Since(begin))
		}
		handler.Close()
	})
}

// noFlush is a response that cannot flush, such as that of http.TimeoutHandler.
type noFlush struct{ w *httptest.ResponseRecorder }

func (d noFlush) Header() http.Header         { return d.w.Header() }
func (d noFlush) WriteHeader(status int)      { d.w.WriteHeader(status) }
func (d noFlush) Write(p []byte) (int, error) { return d.w.Write(p) }

// wrapped is the response of a middleware that has Unwrap.
type wrapped struct{ http.ResponseWriter }

func (w wrapped) Unwrap() http.ResponseWriter { return w.ResponseWriter }

func TestAResponseThatCannotFlushIsRefused(t *testing.T) {
	ran := false
	handler := sink.EventSource(source.Defer(func() observable.Observable[int] { ran = true; return source.Of(1) }),
		sink.Config[int]{Greeting: []int{1}})
	defer handler.Close()
	w := httptest.NewRecorder()
	handler.ServeHTTP(noFlush{w}, httptest.NewRequest(http.MethodGet, "/", nil))
	require.Equal(t, http.StatusInternalServerError, w.Code)
	require.Contains(t, w.Body.String(), "cannot flush")
	require.NotContains(t, w.Header().Get("Content-Type"), "event-stream")
	require.Zero(t, handler.Clients())
	require.False(t, ran)

	w = httptest.NewRecorder()
	handler.ServeHTTP(wrapped{w}, httptest.NewRequest(http.MethodGet, "/", nil))
	require.Equal(t, http.StatusOK, w.Code)
}

func TestHEADIsAnsweredAtOnce(t *testing.T) {
	overBoth(t, func(t *testing.T, http2 bool) {
		synctest.Test(t, func(t *testing.T) {
			items := observable.NewSubject[int]()
			handler := sink.EventSource(items.Observable(), sink.Config[int]{AllowOrigin: "*"})
			server := serveInMemory(t, handler, http2)
			response := ask(t, server.client, http.MethodHead, memoryURL, "")
			require.Equal(t, http.StatusOK, response.StatusCode)
			require.Equal(t, "text/event-stream", response.Header.Get("Content-Type"))
			require.Equal(t, "*", response.Header.Get("Access-Control-Allow-Origin"))
			synctest.Wait()
			require.Zero(t, items.Observers(), "a HEAD runs nothing")
			require.Zero(t, handler.Clients())

			stream := server.get(t, "")
			synctest.Wait()
			items.Complete()
			require.Empty(t, body(t, stream))
			require.Equal(t, http.StatusNoContent, ask(t, server.client, http.MethodHead, memoryURL, "").StatusCode)
		})
	})
}

func TestPreflight(t *testing.T) {
	handler := sink.EventSource(source.Never[int](), sink.Config[int]{AllowOrigin: "https://page.test"})
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, httptest.NewRequest(http.MethodOptions, "/", nil))
	require.Equal(t, http.StatusNoContent, w.Code)
	require.Equal(t, "https://page.test", w.Header().Get("Access-Control-Allow-Origin"))
	require.Equal(t, "Last-Event-ID, Cache-Control", w.Header().Get("Access-Control-Allow-Headers"))
}

func TestADisconnectWithoutAHookIsLogged(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		before := slog.Default()
		slog.SetDefault(slog.New(slog.NewTextHandler(&log, nil)))
		defer slog.SetDefault(before)
		handler := sink.EventSource(source.Of(large), sink.Config[[]byte]{Encode: asItIs})
		serveInMemory(t, handler, false).get(t, "")
		time.Sleep(time.Minute)
		synctest.Wait()
		require.Contains(t, log.String(), "a slow client was disconnected")
	})
}
