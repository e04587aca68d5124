package rivulet_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet"
	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/source"
)

// What runs within a session and is no handler may stop it too.
func TestNoHandlerAfterAHookHasStopped(t *testing.T) {
	for name, stopping := range map[string]func(stop func()) source.Option{
		"as it opens": func(stop func()) source.Option {
			return source.WithOnOpen(func(*http.Response) { stop() })
		},
		"as it decodes, and fails to": func(stop func()) source.Option {
			return source.WithDecoder(func([]byte, any) error { stop(); return errors.New("not mine") })
		},
		"as it decodes": func(stop func()) source.Option {
			return source.WithDecoder(func([]byte, any) error { stop(); return nil })
		},
		"at a comment": func(stop func()) source.Option {
			return source.WithOnComment(func(string) { stop() })
		},
		"as it is lost": func(stop func()) source.Option {
			return source.WithOnRetry(func(error, int, time.Duration) { stop() })
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newServer(always(":comment\ndata: 1\n\n"))
				var l *rivulet.Listener[int]
				var calls chan any
				stopped := false
				l, calls = listen(s, stopping(func() {
					for len(calls) > 0 {
						<-calls // from before
					}
					l.StopListening()
					stopped = true
				}))
				require.NoError(t, l.StartListening(t.Context()))
				synctest.Wait()
				if !stopped {
					s.drop <- struct{}{}
				}
				require.NoError(t, l.Wait())
				require.True(t, stopped)
				require.Empty(t, drained(calls))
			})
		})
	}
}

// A subscriber of the hot stream that does not move holds the connection back, but not the stop.
func TestASlowSubscriberDoesNotHoldUpTheStop(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		events := ""
		for n := range 3000 {
			events += fmt.Sprintf("data: %d\n\n", n)
		}
		s := newServer(always(events))
		seen := 0
		l := rivulet.NewListener("http://events.test", rivulet.Handlers[int]{
			OnMessage: func(source.Event[int]) { seen++ },
		}, source.WithHTTPClient(&http.Client{Transport: s}))
		gate := make(chan struct{})
		var got []int
		slow := l.Observable().Subscribe(t.Context(), observable.Observer[source.Event[int]]{
			Next: func(e source.Event[int]) { <-gate; got = append(got, e.Data) },
		})
		synctest.Wait()
		require.NoError(t, l.StartListening(t.Context()))
		synctest.Wait()
		require.Greater(t, seen, 1024)
		require.Less(t, seen, 3000, "the connection is held back")
		l.StopListening()
		require.NoError(t, l.Wait())

		close(gate)
		synctest.Wait()
		require.Len(t, got, seen-1, "all except the one that did not fit")
		slow.Dispose()
		require.NoError(t, slow.Wait())
	})
}

// An event that OnMessage has seen is in the hot stream, also when OnMessage stops the Listener at it.
func TestTheEventAtWhichOnMessageStops(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var l *rivulet.Listener[int]
		l = rivulet.NewListener("http://events.test", rivulet.Handlers[int]{
			OnMessage: func(source.Event[int]) { l.StopListening() },
		}, source.WithHTTPClient(&http.Client{Transport: newServer(always("data: 1\n\ndata: 2\n\n"))}))
		var got []int
		run := l.Observable().Subscribe(t.Context(), observable.Observer[source.Event[int]]{
			Next: func(e source.Event[int]) { got = append(got, e.Data) },
		})
		synctest.Wait()
		require.NoError(t, l.StartListening(t.Context()))
		require.NoError(t, l.Wait())
		synctest.Wait()
		require.Equal(t, []int{1}, got)
		run.Dispose()
	})
}

// Restarts at any moment, from any goroutine, lose no event and double none: the server goes on after the last ID.
func TestNoEventIsLostOrDoubledByRestarts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(func(_ int, r *http.Request) (int, string) {
			last, events := 0, ""
			_, _ = fmt.Sscan(r.Header.Get("Last-Event-ID"), &last)
			for n := last + 1; n <= last+100; n++ {
				events += fmt.Sprintf("id: %d\ndata: %d\n\n", n, n)
			}
			return http.StatusOK, events
		})
		var got []int
		l, err := rivulet.Listen(t.Context(), "http://events.test", rivulet.Handlers[int]{
			OnMessage: func(e source.Event[int]) { got = append(got, e.Data) },
		}, source.WithHTTPClient(&http.Client{Transport: s}))
		require.NoError(t, err)
		var restarting sync.WaitGroup
		for range 3 {
			restarting.Go(func() {
				for range 400 {
					l.Restart()
					for range rand.IntN(2000) {
						runtime.Gosched()
					}
				}
			})
		}
		restarting.Wait()
		synctest.Wait()
		l.StopListening()
		require.NoError(t, l.Wait())
		t.Log(len(got), "events")
		for i, n := range got {
			require.Equal(t, i+1, n)
		}
	})
}

// Several goroutines and the handlers themselves start, stop and restart at random, and the server does everything
// that servers do. Never two handlers at once, none after the last stop, and nothing is left: the bubble looks at that.
func TestStartsAndStopsWithAnUnreliableServer(t *testing.T) {
	for range 20 {
		synctest.Test(t, func(t *testing.T) {
			s := newServer(func(int, *http.Request) (int, string) {
				return []int{200, 200, 200, 204, 404, 503}[rand.IntN(6)], "id: 1\ndata: 1\n\ndata: x\n\n"
			})
			stress := newStress(s)
			var drops, everybody sync.WaitGroup
			dropping, enough := context.WithCancel(t.Context())
			drops.Go(func() { s.dropNowAndThen(dropping) })
			for range 4 {
				everybody.Go(func() {
					for range 50 {
						stress.anything()
						time.Sleep(time.Duration(rand.IntN(3000)) * time.Millisecond)
					}
				})
			}
			everybody.Wait()
			stress.calm.Store(true)
			stress.StopListening()
			_ = stress.Wait()
			stress.quiet.Store(true)
			require.Equal(t, source.Closed, stress.State())
			time.Sleep(time.Hour)
			enough()
			drops.Wait()
			require.Zero(t, s.open.Load())
			require.Greater(t, stress.calls.Load(), int32(10))
		})
	}
}

func (s *server) dropNowAndThen(ctx context.Context) {
	for ctx.Err() == nil {
		select {
		case s.drop <- struct{}{}:
			time.Sleep(time.Second)
		case <-ctx.Done():
		}
	}
}

// stress is a Listener whose handlers look after the rules.
type stress struct {
	*rivulet.Listener[int]
	running, calls atomic.Int32
	calm           atomic.Bool // handlers do nothing any more but return
	quiet          atomic.Bool // no handler may be called any more
}

func newStress(s *server) *stress {
	var x stress
	x.Listener = rivulet.NewListener("http://events.test", rivulet.Handlers[int]{
		OnOpen:       func(*http.Response) { x.handle() },
		OnMessage:    func(source.Event[int]) { x.handle() },
		OnParseError: func(*source.ParseError) { x.handle() },
		OnRetry:      func(error, int, time.Duration) { x.handle() },
		OnError:      func(error) { x.handle() },
	}, source.WithHTTPClient(&http.Client{Transport: s}))
	return &x
}

func (x *stress) handle() {
	if x.running.Add(1) != 1 || x.quiet.Load() {
		panic("two handlers at once, or one after the end")
	}
	defer x.running.Add(-1)
	x.calls.Add(1)
	if rand.IntN(3) == 0 && !x.calm.Load() {
		x.anything()
	}
	time.Sleep(time.Duration(rand.IntN(500)) * time.Millisecond)
}

// anything does one of the things that a program may do.
func (x *stress) anything() {
	switch rand.IntN(4) {
	case 0:
		x.StopListening()
	case 1:
		x.Restart()
	default:
		_ = x.StartListening(context.Background())
	}
}

// A panic of a handler ends the program. The test runs itself for that.
func TestAPanicOfAHandlerCrashes(t *testing.T) {
	if os.Getenv("LISTENER_TEST_PANIC") != "" {
		l, err := rivulet.Listen(t.Context(), "http://events.test", rivulet.Handlers[int]{
			OnMessage: func(source.Event[int]) { panic("in OnMessage") },
		}, source.WithHTTPClient(&http.Client{Transport: newServer(always("data: 1\n\n"))}))
		require.NoError(t, err)
		_ = l.Wait()
		return
	}
	test := exec.Command(os.Args[0], "-test.run=^TestAPanicOfAHandlerCrashes$")
	test.Env = append(os.Environ(), "LISTENER_TEST_PANIC=yes")
	output, err := test.CombinedOutput()
	require.Error(t, err)
	require.Contains(t, string(output), "panic: in OnMessage")
}
