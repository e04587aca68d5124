package sink_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/retry"
	"github.com/rivulet-go/rivulet/sink"
	"github.com/rivulet-go/rivulet/source"
)

// counting emits 1 to n, some of them at once and some after a while.
func counting(n int) observable.Observable[int] {
	return operators.TryMap(source.Range(1, n), func(ctx context.Context, i int) (int, error) {
		if rand.IntN(10) == 0 {
			time.Sleep(time.Duration(rand.IntN(20)) * time.Millisecond)
		}
		return i, ctx.Err()
	})
}

// Clients join, leave and come back at random while a numbered stream runs and ends, and some are disconnected for being
// slow. Each of them gets every number exactly once.
func TestEveryEventExactlyOnce(t *testing.T) {
	const events, clients = 400, 8
	overBoth(t, func(t *testing.T, http2 bool) {
		synctest.Test(t, func(t *testing.T) {
			handler := sink.EventSource(counting(events), sink.Config[int]{
				Replay: events, ReplayToAll: true, Buffer: 3, OnDisconnect: func(*http.Request) {},
			})
			defer handler.Close()
			server := serveInMemory(t, handler, http2)
			got := make([][]int, clients)
			var runs []*observable.Subscription
			for i := range clients {
				runs = append(runs, operators.Concat(visits(server, i)...).Subscribe(t.Context(), observable.Observer[int]{
					Next: func(n int) { got[i] = append(got[i], n) },
				}))
			}
			for i, run := range runs {
				require.NoError(t, run.Wait())
				for n, v := range got[i] {
					require.Equal(t, n+1, v, "client %d", i)
				}
				require.Len(t, got[i], events, "client %d", i)
			}
			require.Zero(t, handler.Clients())
			t.Log("disconnected:", handler.Stats().Disconnected)
		})
	})
}

// visits returns the connections of one client. Each ends after a random number of events.
func visits(server memory, client int) []observable.Observable[int] {
	events := source.FromEventSource[int](memoryURL, source.WithPosition(new(source.Position)), source.WithHTTPClient(server.client),
		quiet, source.WithRetry(retry.Policy{InitialDelay: time.Duration(client) * time.Millisecond}))
	var all []observable.Observable[int]
	for range 30 {
		late := operators.DelaySubscription(events, time.Duration(rand.IntN(50))*time.Millisecond)
		all = append(all, operators.Map(operators.Take(late, rand.IntN(20)), source.Data[int]))
	}
	return append(all, operators.Map(events, source.Data[int])) // to the end
}

// A client that joins while the stream ends gets all of it, and not status 204.
func TestTheRunEndsWhileTheFirstClientJoins(t *testing.T) {
	for range 300 {
		wire := record(sink.EventSource(source.Of(1, 2), sink.Config[int]{ID: noID[int]}))
		require.Equal(t, "data: 1\n\ndata: 2\n\n", string(wire))
	}
}

// The ID that a client sends back is not always the string that the program gave.
func TestAnIDIsKnownAgain(t *testing.T) {
	for name, id := range map[string]string{
		"plain":               "7",
		"spaces at the ends":  "  7 ",
		"space within":        "a b",
		"not ASCII":           "Zürich 東京",
		"invalid UTF-8":       "a\xFF\xFEb",
		"control characters":  "a\x01b\x7F",
		"tab":                 "\ta\tb",
		"line ends and a NUL": "a\r\nb\x00c\n",
	} {
		t.Run(name, func(t *testing.T) {
			overBoth(t, func(t *testing.T, http2 bool) {
				synctest.Test(t, func(t *testing.T) {
					handler := sink.EventSource(source.Of(id, "last"), sink.Config[string]{
						ID: by, Encode: func(s string) ([]byte, error) { return []byte(s), nil }, Replay: 2, ReplayToAll: true,
					})
					server := serveInMemory(t, handler, http2)
					events := source.FromEventSource[string](memoryURL,
						source.WithHTTPClient(server.client), source.WithPosition(new(source.Position)))
					first, err := events.First(t.Context())
					require.NoError(t, err)
					require.NotEmpty(t, first.ID)
					second, err := events.First(t.Context())
					require.NoError(t, err)
					require.Equal(t, "last", second.Data)
				})
			})
		})
	}
}

// Many events pass through a small replay.
func TestReplayKeepsTheLatest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		items := observable.NewSubject[int]()
		handler := sink.EventSource(items.Observable(), sink.Config[int]{
			ID: noID[int], Replay: 2, ReplayToAll: true, Eager: true,
		})
		synctest.Wait()
		for n := range 100 {
			items.Next(n)
		}
		synctest.Wait()
		items.Error(errors.New("the end"))
		synctest.Wait()
		require.Equal(t, "data: 98\n\ndata: 99\n\n", string(record(handler)))
	})
}

// A client whose last events have no ID comes back as if it had not got them. After the end it must not do so
// indefinitely.
func TestTheLastEventsHaveNoID(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		handler := sink.EventSource(source.Of("a", "", ""), sink.Config[string]{ID: by, Replay: 3})
		server := serveInMemory(t, handler, false)
		require.Equal(t, "id: a\ndata: a\n\ndata: \n\ndata: \n\n", body(t, server.get(t, "")))
		require.Equal(t, http.StatusNoContent, server.get(t, "a").StatusCode)
		require.Equal(t, http.StatusOK, server.get(t, "?").StatusCode)
	})
}
