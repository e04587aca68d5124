package sink_test

import (
	"bufio"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/sink"
	"github.com/rivulet-go/rivulet/source"
)

// admits returns a Config.Admit that gives every client the same admission.
func admits[T any](admission sink.Admission[T]) func(*http.Request) (sink.Admission[T], error) {
	return func(*http.Request) (sink.Admission[T], error) { return admission, nil }
}

func even(n int) bool { return n%2 == 0 }

func TestWhoIsRefused(t *testing.T) {
	secret := errors.New("secret reason")
	for name, c := range map[string]struct {
		admission sink.Admission[int]
		err       error
		status    int
	}{
		"an error":                   {err: secret, status: http.StatusForbidden},
		"an error with a status":     {err: &sink.AdmitError{Status: 401, Err: secret}, status: http.StatusUnauthorized},
		"an error that wraps it":     {err: fmt.Errorf("%w", &sink.AdmitError{Status: 429}), status: http.StatusTooManyRequests},
		"a status that is no error":  {err: &sink.AdmitError{Status: 200, Err: secret}, status: http.StatusForbidden},
		"no status":                  {err: &sink.AdmitError{Err: secret}, status: http.StatusForbidden},
		"a status that is not known": {err: &sink.AdmitError{Status: 600}, status: http.StatusForbidden},
		"a right that has ended":     {admission: sink.Admission[int]{Until: time.Now()}, status: http.StatusForbidden},
	} {
		t.Run(name, func(t *testing.T) {
			asked := 0
			handler := sink.EventSource(source.Of(1), sink.Config[int]{
				Admit: func(*http.Request) (sink.Admission[int], error) { asked++; return c.admission, c.err },
			})
			for _, method := range []string{http.MethodGet, http.MethodHead} {
				w := httptest.NewRecorder()
				handler.ServeHTTP(w, httptest.NewRequest(method, "/", nil))
				require.Equal(t, c.status, w.Code)
				require.Equal(t, http.StatusText(c.status)+"\n", w.Body.String())
			}
			require.Equal(t, 2, asked)
			require.EqualValues(t, 2, handler.Stats().Refused)
			require.Zero(t, handler.Clients())
			require.True(t, handler.Healthy(), "the run has not begun")

			handler.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodPost, "/", nil))
			require.Equal(t, 2, asked, "it is not asked for a request that is not served")
		})
	}
}

func TestAdmitError(t *testing.T) {
	reason := errors.New("the token has expired")
	err := &sink.AdmitError{Status: 401, Err: reason}
	require.EqualError(t, err, "rivulet: the request was refused with the status 401: the token has expired")
	require.ErrorIs(t, err, reason)
	require.EqualError(t, &sink.AdmitError{Status: 429}, "rivulet: the request was refused with the status 429")
}

// Clients of one handler get different events, from what is kept and from what is new.
func TestFilter(t *testing.T) {
	overBoth(t, func(t *testing.T, http2 bool) {
		synctest.Test(t, func(t *testing.T) {
			items := observable.NewSubject[int]()
			handler := sink.EventSource(items.Observable(), sink.Config[int]{
				ID: number, Replay: 10, ReplayToAll: true, Eager: true, Greeting: []int{-1},
				Admit: func(r *http.Request) (sink.Admission[int], error) {
					if r.URL.Path == "/even" {
						return sink.Admission[int]{Filter: even}, nil
					}
					return sink.Admission[int]{}, nil
				},
			})
			defer handler.Close()
			synctest.Wait()
			server := serveInMemory(t, handler, http2)
			for n := range 4 {
				items.Next(n)
			}
			synctest.Wait()
			all := ask(t, server.client, http.MethodGet, memoryURL+"/", "")
			evens := ask(t, server.client, http.MethodGet, memoryURL+"/even", "")
			synctest.Wait()
			for n := 4; n < 7; n++ {
				items.Next(n)
				synctest.Wait()
			}
			items.Complete()
			require.Equal(t, []string{"-1", "0", "1", "2", "3", "4", "5", "6"}, dataOf(body(t, all)))
			require.Equal(t, []string{"-1", "0", "2", "4", "6"}, dataOf(body(t, evens)))
			require.EqualValues(t, 7, handler.Stats().Published)
			require.EqualValues(t, 7+4, handler.Stats().Sent)
			require.EqualValues(t, 2, handler.Stats().Replayed)
		})
	})
}

// dataOf returns the data of all events.
func dataOf(wire string) (data []string) {
	for line := range strings.Lines(wire) {
		if text, ok := strings.CutPrefix(line, "data: "); ok {
			data = append(data, strings.TrimSpace(text))
		}
	}
	return data
}

// A filter applies to the history as well.
func TestFilterWhileCatchingUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := newDurable()
		log.write(20)
		config := fromLog(log, &reading{})
		config.Admit = admits(sink.Admission[int]{Filter: even})
		handler := sink.EventSource(log.after(0, &reading{}), config)
		defer handler.Close()
		synctest.Wait()
		v := visitor{lastID: "9"}
		go log.writeEvery(time.Second, 2)
		time.AfterFunc(time.Minute, handler.Close)
		v.visit(t.Context(), handler, 7)
		require.Equal(t, []int{10, 12, 14, 16, 18, 20, 22}, v.got)
		require.EqualValues(t, 1, handler.Stats().CaughtUp)
	})
}

// The heartbeat of a client that gets none of the latest events has the ID of the latest one.
func TestTheHeartbeatOfAFilteredClientHasThePosition(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		items := observable.NewSubject[int]()
		handler := sink.EventSource(items.Observable(), sink.Config[int]{
			ID: number, Replay: 3, Eager: true, Admit: admits(sink.Admission[int]{Filter: even}),
		})
		defer handler.Close()
		synctest.Wait()
		response := serveInMemory(t, handler, false).get(t, "")
		events := bufio.NewReader(response.Body)
		synctest.Wait()
		for _, n := range []int{2, 3, 5} {
			items.Next(n)
		}
		require.Equal(t, "id: 2\ndata: 2\n\n", lines(t, events, 3))
		require.Equal(t, ":\nid: 5\n\n", lines(t, events, 3))
		require.Equal(t, ":\n\n", lines(t, events, 2), "it has the position")
		items.Next(7)
		require.Equal(t, ":\nid: 7\n\n", lines(t, events, 3))
		items.Next(8)
		require.Equal(t, "id: 8\ndata: 8\n\n", lines(t, events, 3))
		require.Equal(t, ":\n\n", lines(t, events, 2))
	})
}

// A response ends when its right does, and the client can ask for another one.
func TestUntil(t *testing.T) {
	overBoth(t, func(t *testing.T, http2 bool) {
		synctest.Test(t, func(t *testing.T) {
			handler := sink.EventSource(source.Interval(time.Second), sink.Config[int]{
				ID: noID[int], Admit: func(*http.Request) (sink.Admission[int], error) {
					return sink.Admission[int]{Until: time.Now().Add(2200 * time.Millisecond)}, nil
				},
			})
			defer handler.Close()
			server := serveInMemory(t, handler, http2)
			begin := time.Now()
			require.Equal(t, "data: 0\n\ndata: 1\n\n", body(t, server.get(t, "")))
			require.Equal(t, 2200*time.Millisecond, time.Since(begin))
			require.Equal(t, "data: 2\n\ndata: 3\n\n", body(t, server.get(t, "")))
			synctest.Wait()
			require.Zero(t, handler.Clients())
			require.Zero(t, handler.Stats().Disconnected)
		})
	})
}

// A right that ends also ends a response that hangs, or that waits for its history.
func TestUntilEndsAnyResponse(t *testing.T) {
	until := func(d time.Duration) func(*http.Request) (sink.Admission[int], error) {
		return func(*http.Request) (sink.Admission[int], error) {
			return sink.Admission[int]{Until: time.Now().Add(d)}, nil
		}
	}
	t.Run("it hangs", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			handler := sink.EventSource(source.Of(1), sink.Config[int]{
				Encode: func(int) ([]byte, error) { return large, nil }, Admit: until(time.Second), WriteTimeout: -1,
			})
			serveInMemory(t, handler, false).dial(t, "GET / HTTP/1.1")
			time.Sleep(3 * time.Second)
			require.Zero(t, handler.Clients())
		})
	})
	t.Run("it catches up", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			log := newDurable()
			log.write(20)
			config := fromLog(log, &reading{pause: time.Second})
			config.Admit = until(4500 * time.Millisecond)
			handler := sink.EventSource(log.after(0, &reading{}), config)
			defer handler.Close()
			synctest.Wait()
			require.Equal(t, []string{"11", "12", "13", "14", "15"}, dataOf(body(t, serveInMemory(t, handler, false).get(t, "10"))))
		})
	})
}

func TestLastEventID(t *testing.T) {
	fromQuery := func(r *http.Request) string { return r.URL.Query().Get("from") }
	for name, c := range map[string]struct {
		header, query string
		by            func(*http.Request) string
		want          string
	}{
		"header":                       {header: "3", want: "45"},
		"query of polyfills":           {query: "lastEventId=3", want: "45"},
		"query of others":              {query: "a=b&last-event-id=3", want: "45"},
		"query with escaped name":      {query: "last%45ventId=3", want: "45"},
		"query with escaped ID":        {query: "lastEventId=%33", want: "45"},
		"header and query":             {header: "4", query: "lastEventId=1", want: "5"},
		"another query":                {query: "a=lastEvent", want: "12345"},
		"a function":                   {query: "from=2", by: fromQuery, want: "345"},
		"a function, not the defaults": {header: "3", query: "lastEventId=3", by: fromQuery, want: "12345"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				handler := sink.EventSource(source.Range(1, 5), sink.Config[int]{
					ID: number, Replay: 10, ReplayToAll: true, Eager: true, LastEventID: c.by,
				})
				synctest.Wait()
				response := ask(t, serveInMemory(t, handler, false).client, http.MethodGet, memoryURL+"/?"+c.query, c.header)
				require.Equal(t, c.want, strings.Join(dataOf(body(t, response)), ""))
			})
		})
	}
}

func TestRetryIsSentFirst(t *testing.T) {
	config := sink.Config[int]{ID: noID[int], Retry: 2500 * time.Millisecond, Greeting: []int{0}}
	require.Equal(t, "retry: 2500\n\ndata: 0\n\ndata: 1\n\n", string(record(sink.EventSource(source.Of(1), config))))
}

func TestHealthy(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		config := sink.Config[int]{Eager: true, OnError: func(error) {}}
		for name, src := range map[string]observable.Observable[int]{
			"it completes": operators.Take(source.Interval(time.Second), 1),
			"it fails":     operators.Concat(operators.Take(source.Interval(time.Second), 1), source.Throw[int](errBroken)),
		} {
			handler := sink.EventSource(src, config)
			require.True(t, handler.Healthy(), name)
			time.Sleep(2 * time.Second)
			require.False(t, handler.Healthy(), name)
		}
		handler := sink.EventSource(source.Never[int](), config)
		require.True(t, handler.Healthy())
		handler.Close()
		require.False(t, handler.Healthy())
	})
}

// The counters of bytes and events are those of the wire.
func TestStats(t *testing.T) {
	handler := sink.EventSource(source.Of(1, 2), sink.Config[int]{ID: noID[int], Greeting: []int{0}})
	wire := record(handler)
	require.Equal(t, sink.Stats{Served: 1, Published: 2, Sent: 2, Bytes: int64(len(wire))}, handler.Stats())
}
