package sink_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"sync"
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

// fromLog returns a Config that serves a durable log and its history.
func fromLog(log *durable, history *reading) sink.Config[int] {
	return sink.Config[int]{
		ID: number, Replay: 3, Eager: true, History: log.history(history), OnError: func(error) {},
	}
}

// A client that connects without an ID gets the current one: events before it reconnects are not lost.
func TestAClientWithoutAnIDIsGivenTheCurrentOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		items := observable.NewSubject[int]()
		handler := sink.EventSource(items.Observable(), sink.Config[int]{Replay: 10, Eager: true})
		defer handler.Close()
		server := serveInMemory(t, handler, false)
		synctest.Wait()
		for n := range 3 { // with events before, and without
			response := server.get(t, "")
			id := strings.TrimPrefix(lines(t, bufio.NewReader(response.Body), 2), "id: ")
			require.Regexp(t, fmt.Sprintf(`^[A-Z2-7]{8}-%d\n\n$`, n), id)
			require.NoError(t, response.Body.Close())
			items.Next(n)
			synctest.Wait()
			again := server.get(t, strings.TrimSpace(id))
			require.Contains(t, lines(t, bufio.NewReader(again.Body), 3), fmt.Sprintf("data: %d\n\n", n))
		}
	})
}

// A client whose last event has no ID is in the same position as one that has just connected.
func TestThePositionIsNotSentWhenThereIsNone(t *testing.T) {
	for name, config := range map[string]sink.Config[int]{
		"nothing is kept": {},
		"no IDs":          {Replay: 10, ID: noID[int]},
		"no events":       {Replay: 10, ID: number},
		"all events":      {Replay: 10, ID: number, ReplayToAll: true},
	} {
		t.Run(name, func(t *testing.T) {
			wire := string(record(sink.EventSource(source.Of(1), config)))
			require.True(t, strings.HasSuffix(wire, "data: 1\n\n"), wire)
			require.LessOrEqual(t, strings.Count(wire, "id: "), 1)
		})
	}
}

// The last event of a client is neither in the log nor in the history.
func TestGap(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*sink.Config[int])
		status int
		want   string
	}{
		{"an event", func(c *sink.Config[int]) { c.Gap = gapEvent }, http.StatusOK,
			"data: -1\n\nid: 8\ndata: 8\n\nid: 9\ndata: 9\n\nid: 10\ndata: 10\n\n"},
		{"no event", func(*sink.Config[int]) {}, http.StatusGone, "Gone\n"},
		{"no event for this ID", func(c *sink.Config[int]) {
			c.Gap = func(id string) (int, bool) { return 0, id != "17" }
		}, http.StatusGone, "Gone\n"},
		{"no history", func(c *sink.Config[int]) { c.History = nil }, http.StatusOK,
			"id: 8\ndata: 8\n\nid: 9\ndata: 9\n\nid: 10\ndata: 10\n\n"},
		{"an event, and no history", func(c *sink.Config[int]) { c.Gap = gapEvent; c.History = nil }, http.StatusOK,
			"data: -1\n\nid: 8\ndata: 8\n\nid: 9\ndata: 9\n\nid: 10\ndata: 10\n\n"},
		{"an event that cannot be encoded", func(c *sink.Config[int]) {
			c.Gap = gapEvent
			c.Encode = func(n int) ([]byte, error) {
				if n == gap {
					return nil, errBroken
				}
				return []byte(number(n)), nil
			}
		}, http.StatusOK, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				log := newDurable()
				log.write(10)
				config := fromLog(log, &reading{})
				var reported []string
				config.OnGap = func(r *http.Request, id string) { reported = append(reported, r.URL.Path, id) }
				c.change(&config)
				handler := sink.EventSource(log.after(0, &reading{}), config)
				synctest.Wait()
				response := serveInMemory(t, handler, false).get(t, "17")
				require.Equal(t, c.status, response.StatusCode)
				defer handler.Close()
				time.AfterFunc(time.Second, handler.Close)
				require.Equal(t, c.want, body(t, response))
				require.Equal(t, []string{"/", "17"}, reported)
				require.EqualValues(t, 1, handler.Stats().Gaps)
				require.Zero(t, handler.Stats().CaughtUp)
			})
		})
	}
}

// Without hooks, a gap is logged if the handler keeps events. The log line has nothing that the client has made up.
func TestAGapIsLogged(t *testing.T) {
	for replay, want := range map[int]string{0: "", 1: "a client has missed events"} {
		synctest.Test(t, func(t *testing.T) {
			var log bytes.Buffer
			before := slog.Default()
			slog.SetDefault(slog.New(slog.NewTextHandler(&log, nil)))
			defer slog.SetDefault(before)
			handler := sink.EventSource(source.Never[int](), sink.Config[int]{Replay: replay})
			serveInMemory(t, handler, false).get(t, "invented")
			handler.Close()
			synctest.Wait()
			require.Contains(t, log.String(), want)
			require.Equal(t, want == "", log.Len() == 0)
			require.NotContains(t, log.String(), "invented")
		})
	}
}

// The history removes events that a client still has to read, after it has read some.
func TestTheHistoryIsGoneInTheMidst(t *testing.T) {
	for name, gapOf := range map[string]func(string) (int, bool){"an event": gapEvent, "no event": nil} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				log := newDurable()
				log.write(100)
				config := fromLog(log, &reading{pause: time.Second})
				config.Gap = gapOf
				handler := sink.EventSource(log.after(0, &reading{}), config)
				synctest.Wait()
				time.AfterFunc(4500*time.Millisecond, func() { log.remove(50) })
				defer handler.Close()
				time.AfterFunc(time.Minute, handler.Close)
				var v visitor
				v.lastID = "10"
				v.visit(t.Context(), handler, 1000)
				want := []int{11, 12, 13, 14, 15}
				if gapOf != nil {
					want = append(want, gap, 98, 99, 100)
				}
				require.Equal(t, want, v.got)
				require.Equal(t, http.StatusOK, v.status)
				require.EqualValues(t, 1, handler.Stats().Gaps)
			})
		})
	}
}

// A history that fails, at once or later, ends the response. The client reconnects.
func TestAHistoryThatFails(t *testing.T) {
	for _, at := range []int{11, 15} {
		synctest.Test(t, func(t *testing.T) {
			log := newDurable()
			log.write(20)
			var failures []error
			history := &reading{}
			history.failAt.Store(int64(at))
			config := fromLog(log, history)
			config.OnError = func(err error) { failures = append(failures, err) }
			handler := sink.EventSource(log.after(0, &reading{}), config)
			defer handler.Close()
			synctest.Wait()
			v := &visitor{lastID: "10"}
			v.visit(t.Context(), handler, 1000)
			require.Equal(t, http.StatusOK, v.status)
			require.Len(t, v.got, at-11)
			require.Equal(t, []error{errBroken}, failures)
			v.visit(t.Context(), handler, 20-at+1)
			v.requireConsecutive(t, 10, 20)
		})
	}
}

// Many catch up at once, a few of them at a time, and the others are not disturbed.
func TestManyClientsCatchUp(t *testing.T) {
	clients, live, limit := size(400, 60), size(20, 5), size(16, 8)
	overBoth(t, func(t *testing.T, http2 bool) {
		synctest.Test(t, func(t *testing.T) {
			log := newDurable()
			log.write(900)
			var now, most atomic.Int64
			config := fromLog(log, nil)
			config.Replay, config.HistoryLimit, config.Gap = 50, limit, gapEvent
			config.History = func(ctx context.Context, id string) observable.Observable[int] {
				read := log.history(&reading{})(ctx, id)
				return func(ctx context.Context, emit func(int) bool) error {
					for n := now.Add(1); n > most.Load(); {
						most.Store(n)
					}
					defer now.Add(-1)
					return read(ctx, emit)
				}
			}
			handler := sink.EventSource(log.after(0, &reading{}), config)
			defer handler.Close()
			server := serveInMemory(t, handler, http2, withStreams(clients+live))
			synctest.Wait()
			require.EqualValues(t, 900, handler.Stats().Published)

			var all sync.WaitGroup
			follow := func(after, last int) {
				events := source.FromEventSource[int](memoryURL, source.WithHTTPClient(server.client), quiet,
					source.WithLastEventID(strconv.Itoa(after)))
				got, err := operators.Map(operators.Take(events, last-after), source.Data[int]).Collect(t.Context())
				require.NoError(t, err)
				v := visitor{got: got}
				v.requireConsecutive(t, after, last)
			}
			for range live {
				all.Go(func() { follow(900, 940) })
			}
			for range clients {
				all.Go(func() { follow(800, 940) })
			}
			go log.writeEvery(time.Millisecond, 40)
			all.Wait()
			stats := handler.Stats()
			require.EqualValues(t, clients, stats.CaughtUp)
			require.Zero(t, stats.Disconnected)
			require.Zero(t, stats.Gaps)
			require.LessOrEqual(t, most.Load(), int64(limit))
		})
	})
}

// A client that has read its history and finds no event in the log lets other clients read theirs.
func TestIdleHistoriesMakeWay(t *testing.T) {
	for name, history := range map[string]*reading{"endless": {}, "finite": {finite: true}} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				log := newDurable()
				log.write(20)
				config := fromLog(log, history)
				config.HistoryLimit, config.Heartbeat = 1, time.Second
				handler := sink.EventSource(log.after(20, &reading{}), config) // which begins with what is new
				defer handler.Close()
				visitors := make([]visitor, 5)
				ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
				defer cancel()
				var visits sync.WaitGroup
				for i := range visitors {
					visitors[i].lastID = strconv.Itoa(10 + i)
					visits.Go(func() { visitors[i].visit(ctx, handler, 100) })
				}
				time.Sleep(20 * time.Second)
				synctest.Wait()
				for i := range visitors {
					visitors[i].requireConsecutive(t, 10+i, 20)
				}
				require.Equal(t, len(visitors), handler.Clients())
				log.write(2)
				time.Sleep(20 * time.Second)
				visits.Wait()
				for i := range visitors {
					visitors[i].requireConsecutive(t, 10+i, 22)
				}
				require.EqualValues(t, len(visitors), handler.Stats().CaughtUp)
			})
		})
	}
}

// A client that waits, for its turn or for its history, has heartbeats.
func TestHeartbeatsWhileCatchingUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := newDurable()
		log.write(20)
		config := fromLog(log, nil)
		config.HistoryLimit = 1
		config.History = func(context.Context, string) observable.Observable[int] { return source.Never[int]() }
		handler := sink.EventSource(log.after(20, &reading{}), config) // nothing to replay
		server := serveInMemory(t, handler, false)
		begin := time.Now()
		for range 2 {
			response := server.get(t, "10")
			require.Equal(t, ":\n\n:\n\n", lines(t, bufio.NewReader(response.Body), 4))
			require.Equal(t, 30*time.Second, time.Since(begin))
			begin = time.Now()
		}
		require.Equal(t, 2, handler.Clients())
		handler.Close()
		time.Sleep(2 * time.Second) // a heartbeat may be on its way to a client that reads no more
		require.Zero(t, handler.Clients())
	})
}

// When the response of a client that catches up ends, for any reason, its history ends. The bubble fails if a goroutine
// is left.
func TestTheHistoryEndsWithItsClient(t *testing.T) {
	teardown := errors.New("teardown")
	for name, end := range map[string]func(leave func(), handler *sink.Handler[int], server memory){
		"the client leaves":       func(leave func(), _ *sink.Handler[int], _ memory) { leave() },
		"the handler is closed":   func(_ func(), handler *sink.Handler[int], _ memory) { handler.Close() },
		"the server is shut down": func(_ func(), _ *sink.Handler[int], server memory) { _ = server.Shutdown(context.Background()) },
	} {
		t.Run(name, func(t *testing.T) {
			overBoth(t, func(t *testing.T, http2 bool) {
				synctest.Test(t, func(t *testing.T) {
					var failures []error
					ended := 0
					config := fromLog(newDurable(), nil)
					config.OnError = func(err error) { failures = append(failures, err) }
					config.HistoryLimit = 1
					config.History = func(context.Context, string) observable.Observable[int] {
						return func(ctx context.Context, emit func(int) bool) error {
							defer func() { ended++ }()
							emit(1)
							<-ctx.Done()
							return errors.Join(context.Cause(ctx), teardown)
						}
					}
					handler := sink.EventSource(source.Never[int](), config)
					defer handler.Close()
					server := serveInMemory(t, handler, http2)
					first, waiting := server.get(t, "0"), make(chan *http.Response, 1)
					go func() { waiting <- server.get(t, "0") }()
					time.Sleep(100 * time.Millisecond)
					require.Equal(t, 2, handler.Clients())
					end(func() { _ = first.Body.Close(); server.client.CloseIdleConnections() }, handler, server)
					time.Sleep(2 * time.Second)
					synctest.Wait()
					require.Positive(t, ended)
					require.Equal(t, teardown, failures[0])
					_ = server.Close()
					if r := <-waiting; r != nil {
						_ = r.Body.Close()
					}
					synctest.Wait()
					require.Zero(t, handler.Clients())
				})
			})
		})
	}
}

// When the run has ended, a client still gets the events that it has missed, and then status 204.
func TestCatchingUpAfterTheEndOfTheRun(t *testing.T) {
	for name, history := range map[string]*reading{"endless": {}, "finite": {finite: true}} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				log := newDurable()
				log.write(20)
				handler := sink.EventSource(log.after(0, &reading{finite: true}), fromLog(log, history))
				synctest.Wait()
				require.False(t, handler.Healthy())
				v := &visitor{lastID: "10"}
				v.visit(t.Context(), handler, 100)
				v.requireConsecutive(t, 10, 20)
				v.visit(t.Context(), handler, 1)
				require.Equal(t, http.StatusNoContent, v.status)

				log = newDurable()
				log.write(20)
				handler = sink.EventSource(source.Empty[int](), fromLog(log, history))
				synctest.Wait()
				v = &visitor{lastID: "10"}
				v.visit(t.Context(), handler, 100)
				v.requireConsecutive(t, 10, 20)
				v.visit(t.Context(), handler, 1)
				require.Equal(t, http.StatusNoContent, v.status)
			})
		})
	}
}

func TestAHistoryNeedsSomethingToFind(t *testing.T) {
	good := fromLog(newDurable(), &reading{})
	for name, change := range map[string]func(*sink.Config[int]){
		"ID":     func(c *sink.Config[int]) { c.ID = nil },
		"Replay": func(c *sink.Config[int]) { c.Replay = 0 },
		"Eager":  func(c *sink.Config[int]) { c.Eager = false },
	} {
		config := good
		change(&config)
		require.PanicsWithValue(t, "sink.EventSource: Config.History without ID, Replay or Eager", func() {
			sink.EventSource(source.Never[int](), config)
		}, name)
	}
}
