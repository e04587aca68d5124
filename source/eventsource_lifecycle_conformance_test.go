package source_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
	"weak"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/observabletest"
	"github.com/rivulet-go/rivulet/retry"
	"github.com/rivulet-go/rivulet/source"
)

// numbered is a body of n events in all the shapes that the wire allows, the i-th with data i and ID i.
func numbered(n int) []string {
	shapes := []string{
		"id: %d\ndata: %[1]d\n\n", "data: %d\r\nid: %[1]d\r\n\r\n",
		":beat\rid:%d\rdata:%[1]d\r\r", "data:%d\nevent:\nid:%[1]d\n:beat\n\n",
	}
	events := make([]string, n)
	for i := range events {
		events[i] = fmt.Sprintf(shapes[i%len(shapes)], i+1)
	}
	return events
}

// replay answers as a server does that keeps its events: with those after the Last-Event-ID. It ends the connection
// in the way given after size bytes, and when there is nothing more to send it answers 204.
func replay(events []string, size int, end func(pieces ...string) http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		last, _ := strconv.Atoi(r.Header.Get("Last-Event-ID"))
		rest := strings.Join(events[last:], "")
		if rest == "" {
			w.WriteHeader(http.StatusNoContent)
			return
		}
		end(rest[:min(size, len(rest))])(w, r)
	}
}

// A connection that is cut at any byte, once or again and again, loses no event and repeats none.
func TestNoCutLosesOrRepeatsAnEvent(t *testing.T) {
	events := numbered(8)
	want := make([]string, len(events))
	for i := range want {
		want[i] = fmt.Sprintf("message|%d|%[1]d", i+1)
	}
	for name, end := range map[string]func(...string) http.HandlerFunc{"end": body, "break": cut} {
		for size := range len(strings.Join(events, "")) + 1 {
			t.Run(fmt.Sprintf("%s at byte %d", name, size), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					r := newLab(t, replay(events, size, end), replay(events, 1<<20, body)).start(t)
					r.wait(t)
					require.NoError(t, r.err)
					require.Equal(t, want, r.got)
				})
			})
		}
		t.Run(name+" again and again", func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				longest := 0
				for _, event := range events {
					longest = max(longest, len(event))
				}
				l := newLab(t, replay(events, longest+3, end))
				r := l.start(t)
				r.wait(t)
				require.NoError(t, r.err)
				require.Equal(t, want, r.got)
				require.Greater(t, len(l.requests()), 4)
			})
		})
	}
}

// situations are the states that a run can be in.
var situations = []struct {
	name   string
	answer http.HandlerFunc
	opts   []source.Option
}{
	{"no answer", silence, nil},
	{"open and quiet", held(), nil},
	{"open after an event", held("data:x\n\n"), nil},
	{"hanging within an event", held("data:x\n\ndata: y"), nil},
	{"hanging within a body of known length", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", "1000")
		held("data:x\n\n")(w, r)
	}, nil},
	{"open with an idle timeout", held("data:x\n\n"), []source.Option{source.WithIdleTimeout(time.Hour)}},
	{"before a retry", body("data:x\n\n"), nil},
	{"before a retry in a day", body("retry:86400000\n\n"), nil},
	{"refused for now", status(503, "Retry-After", "3600"), nil},
	{"body of an error that hangs", func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusServiceUnavailable)
		write(w, "busy")
		<-r.Context().Done()
	}, nil},
	{"compressed", compressed("data:x\n\n"), nil},
	{"redirected to silence", byPath(map[string]http.HandlerFunc{
		"events.test/stream": redirect(302, "/new"), "events.test/new": silence}), nil},
}

// E6, F8: whatever a run is in the midst of, a done context ends it at once with its cause; nothing is emitted after
// that, the server sees the connection closed, and no request follows.
func TestCancelEndsEverySituation(t *testing.T) {
	for _, s := range situations {
		t.Run(s.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := newLab(t, s.answer)
				ctx, cancel := context.WithCancelCause(t.Context())
				done := make(chan error)
				var states []string
				opts := append([]source.Option{
					source.WithOnStateChange(func(state source.State) { states = append(states, state.String()) }),
				}, s.opts...)
				go func() { done <- l.events(opts...).ForEach(ctx, func(source.Event[string]) {}) }()
				time.Sleep(time.Second)
				synctest.Wait()
				asked, at := len(l.requests()), time.Now()
				cancel(errCanceled)
				require.Equal(t, errCanceled, <-done)
				require.Zero(t, time.Since(at))
				require.Equal(t, "Closed", states[len(states)-1])
				synctest.Wait()
				require.LessOrEqual(t, l.open(), idleAfter(s.name))
				time.Sleep(48 * time.Hour)
				require.Len(t, l.requests(), asked)
			})
		})
	}
}

// idleAfter is how many connections the caller's transport may keep for later: those whose body came to its end.
func idleAfter(situation string) int {
	if strings.HasPrefix(situation, "before a retry") || situation == "refused for now" {
		return 1
	}
	return 0
}

// A client with a transport of its own: the bubble requires that no connection and no goroutine is left, and the test that
// nothing keeps the run's values alive.
func TestDisposeLeavesNothing(t *testing.T) {
	for _, s := range situations {
		t.Run(s.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := newLab(t, s.answer)
				l.Default(t)
				given := new([1 << 10]byte)
				trace := weak.Make(given)
				opts := append([]source.Option{quiet,
					source.WithOnComment(func(string) { given[0]++ })}, s.opts...)
				sub := source.FromEventSource[string]("http://events.test/stream", opts...).
					Subscribe(t.Context(), observable.Observer[source.Event[string]]{})
				time.Sleep(time.Second)
				synctest.Wait()
				var disposing sync.WaitGroup
				for range 3 { // F10
					disposing.Go(sub.Dispose)
				}
				disposing.Wait()
				require.NoError(t, sub.Wait())
				synctest.Wait()
				require.Zero(t, l.open())
				opts, given = nil, nil
				for range 3 {
					runtime.GC()
				}
				require.Nil(t, trace.Value(), "a timer or a goroutine holds on to the run")
			})
		})
	}
}

// So it is before there is a server to answer: nothing is left of a dial, a handshake or a request under way.
func TestDisposeBeforeTheServerAnswers(t *testing.T) {
	for _, row := range []struct {
		name   string
		url    string
		server func(net.Conn) // nil: the dial itself hangs
		opts   []source.Option
	}{
		{"dial", "http://events.test/", nil, nil},
		{"TLS handshake", "https://events.test/", readAllOf, nil},
		{"request", "http://events.test/", func(net.Conn) {}, []source.Option{
			source.WithMethod("POST", "text/plain", make([]byte, 1<<20))}},
		{"half of the headers", "http://events.test/", func(conn net.Conn) {
			_, _ = http.ReadRequest(bufio.NewReader(conn))
			_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-T")
			readAllOf(conn)
		}, nil},
	} {
		t.Run(row.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				withTransport(t, &http.Transport{DialContext: dialTo(row.server)})
				events := source.FromEventSource[string](row.url, append(row.opts, quiet)...)
				sub := events.Subscribe(t.Context(), observable.Observer[source.Event[string]]{})
				time.Sleep(time.Second)
				sub.Dispose()
				at := time.Now()
				require.NoError(t, sub.Wait())
				synctest.Wait()
				require.Zero(t, time.Since(at))
			})
		})
	}
}

// dialTo connects to a server function, which the end of the connection ends; when it is nil, the dial hangs.
func dialTo(server func(net.Conn)) func(context.Context, string, string) (net.Conn, error) {
	return func(ctx context.Context, _, _ string) (net.Conn, error) {
		if server == nil {
			<-ctx.Done()
			return nil, context.Cause(ctx)
		}
		ours, theirs := net.Pipe()
		go server(theirs)
		return ours, nil
	}
}

func readAllOf(conn net.Conn) { _, _ = io.Copy(io.Discard, conn) }

// An end that the stream comes to by itself leaves nothing either.
func TestEveryEndLeavesNothing(t *testing.T) {
	always := source.WithRetry(retry.Policy{MaxAttempts: 2})
	for _, row := range []struct {
		name   string
		answer http.HandlerFunc
		opts   []source.Option
	}{
		{"204", status(204), nil},
		{"EOF", body("data:x\n\n"), []source.Option{source.WithCompleteOnEOF()}},
		{"sentinel", held("data:x\n\ndata:y\n\n"), []source.Option{
			source.WithDone(func(source.Event[[]byte]) bool { return true })}},
		{"404", status(404), nil},
		{"404 with an endless body", func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(404)
			for r.Context().Err() == nil {
				write(w, strings.Repeat("x", 1000))
			}
		}, nil},
		{"content type", func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "text/plain")
			held("x")(w, r)
		}, nil},
		{"too large", held("data:" + strings.Repeat("x", 100)), []source.Option{source.WithMaxEventBytes(10)}},
		{"attempts used up", body(), []source.Option{always}},
		{"attempts used up, hanging", silence, []source.Option{always, source.WithIdleTimeout(time.Second)}},
		{"idle", held(), []source.Option{always, source.WithIdleTimeout(time.Second)}},
		{"redirect loop", redirect(302, "/stream"), nil},
	} {
		t.Run(row.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := newLab(t, row.answer)
				l.Default(t)
				opts := append([]source.Option{quiet}, row.opts...)
				_, _ = source.FromEventSource[string]("http://events.test/stream", opts...).Collect(t.Context())
				synctest.Wait()
				require.Zero(t, l.open())
			})
		})
	}
}

// Stopping at an event emits not even one that is in the buffer already, in any chunk.
func TestStopEmitsNothingMore(t *testing.T) {
	for n := 1; n <= 3; n++ {
		synctest.Test(t, func(t *testing.T) {
			l := newLab(t, held("data:1\n\ndata:2\n\ndata:3\n\ndata:4\n\n"))
			require.Len(t, stopAt(t, l.events(), n), n)
			synctest.Wait()
			require.Zero(t, l.open())
			requireCancel(t, l.events(), n)
			synctest.Wait()
			require.Zero(t, l.open())
		})
	}
}

// A context that is done before the run begins asks nothing and opens nothing.
func TestDoneBeforeTheRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, held("data:x\n\n"))
		requireCancel(t, l.events(source.WithOnOpen(func(*http.Response) { t.Error("opened") })), 0)
		require.Empty(t, l.requests())
	})
}

// E6: a client that is canceled while it connects does not open. A hook may cancel the run, and no event follows it.
func TestCancelWithinHooks(t *testing.T) {
	for name, option := range map[string]func(cancel func()) source.Option{
		"WithOnOpen": func(cancel func()) source.Option {
			return source.WithOnOpen(func(*http.Response) { cancel() })
		},
		"WithOnStateChange": func(cancel func()) source.Option {
			return source.WithOnStateChange(func(source.State) { cancel() })
		},
		"WithOnComment": func(cancel func()) source.Option {
			return source.WithOnComment(func(string) { cancel() })
		},
		"WithRequest": func(cancel func()) source.Option {
			return source.WithRequest(func(*http.Request) error { cancel(); return nil })
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := newLab(t, held(":comment\ndata:x\n\n"))
				ctx, cancel := context.WithCancelCause(t.Context())
				events := 0
				err := l.events(option(func() { cancel(errCanceled) })).ForEach(ctx, func(source.Event[string]) { events++ })
				require.Equal(t, errCanceled, err)
				require.Zero(t, events)
				synctest.Wait()
				require.Zero(t, l.open())
			})
		})
	}
	t.Run("WithOnRetry", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			l := newLab(t, body())
			ctx, cancel := context.WithCancelCause(t.Context())
			err := l.events(source.WithOnRetry(func(error, int, time.Duration) { cancel(errCanceled) })).
				ForEach(ctx, func(source.Event[string]) {})
			require.Equal(t, errCanceled, err)
			require.Len(t, l.requests(), 1)
		})
	})
}

// The deadline of the caller is the caller's: it is neither retried nor taken for a timeout of ours.
func TestDeadlineOfTheCaller(t *testing.T) {
	for _, s := range situations {
		synctest.Test(t, func(t *testing.T) {
			cause := errors.New("too late")
			ctx, cancel := context.WithTimeoutCause(t.Context(), time.Second, cause)
			defer cancel()
			require.Equal(t, cause, newLab(t, s.answer).events(s.opts...).ForEach(ctx, func(source.Event[string]) {}), s.name)
		})
	}
}

// F7: the states, for every way that a stream goes.
func TestStatesConform(t *testing.T) {
	for _, row := range []struct {
		name    string
		answers []http.HandlerFunc
		want    string
	}{
		{"refused", []http.HandlerFunc{status(404)}, "Connecting Closed"},
		{"wrong type", []http.HandlerFunc{status(200)}, "Connecting Closed"},
		{"E8", []http.HandlerFunc{body("data:x\n\n"), body("data:x\n\n"), status(204)},
			"Connecting Open Connecting Open Connecting Closed"},
		{"failures in a row", []http.HandlerFunc{status(503), status(503), body(), cut(), status(204)},
			"Connecting Open Connecting Open Connecting Closed"},
		{"too large", []http.HandlerFunc{held("data:" + strings.Repeat("x", 100) + "\n\n")}, "Connecting Open Closed"},
	} {
		t.Run(row.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var states []string
				r := newLab(t, row.answers...).start(t, source.WithMaxEventBytes(64),
					source.WithOnStateChange(func(s source.State) { states = append(states, s.String()) }))
				r.wait(t)
				require.Equal(t, row.want, strings.Join(states, " "))
			})
		})
	}
}

// Nothing happens before the run, each run is one of its own, and they may run at the same time.
func TestRunsAreIndependent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, replay(numbered(3), 1<<20, body))
		events := l.events()
		synctest.Wait()
		require.Empty(t, l.requests())
		first, second := startRun(t, events), startRun(t, events)
		first.wait(t)
		second.wait(t)
		want := []string{"message|1|1", "message|2|2", "message|3|3"}
		require.Equal(t, want, first.got)
		require.Equal(t, want, second.got)
		require.ElementsMatch(t, []string{"-", "-", "3", "3"}, l.lastEventIDs())
	})
}

// F5: a run has no restart; one that is stopped, and another with the last event ID, lose and repeat nothing.
func TestAnotherRunResumes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, replay(numbered(6), 1<<20, body))
		former := stopAt(t, l.events(), 4)
		r := l.start(t, source.WithLastEventID(former[3].ID))
		r.wait(t)
		require.Equal(t, []string{"message|5|5", "message|6|6"}, r.got)
	})
}

// The contract of package observable, over connections that break and with events that never end.
func TestContractConforms(t *testing.T) {
	for name, answer := range map[string]http.HandlerFunc{
		"cut": replay(numbered(40), 100, cut),
		"endless": func(w http.ResponseWriter, r *http.Request) {
			for r.Context().Err() == nil {
				write(w, "data:x\n\n")
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				newLab(t, answer).Default(t)
				events := source.FromEventSource[string]("http://events.test/", quiet)
				observabletest.Check(t, events)
			})
		})
	}
}
