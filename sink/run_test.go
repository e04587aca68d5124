package sink_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/retry"
	"github.com/rivulet-go/rivulet/sink"
	"github.com/rivulet-go/rivulet/source"
)

// Close and the first client come at the same moment. When Close has returned, nothing runs, and nothing begins.
func TestCloseWhileTheFirstClientJoins(t *testing.T) {
	for range 200 {
		synctest.Test(t, func(t *testing.T) {
			var running, closed atomic.Bool
			handler := sink.EventSource(func(ctx context.Context, _ func(int) bool) error {
				running.Store(true)
				defer running.Store(false)
				require.False(t, closed.Load())
				<-ctx.Done()
				return context.Cause(ctx)
			}, sink.Config[int]{})
			go handler.ServeHTTP(&writer{}, httptest.NewRequest(http.MethodGet, "/", nil))
			handler.Close()
			require.False(t, running.Load())
			closed.Store(true)
			synctest.Wait()
			require.Zero(t, handler.Clients())
		})
	}
}

// The handler is closed when the client is known and the run has not begun.
func TestCloseBeforeTheRun(t *testing.T) {
	handler := sink.EventSource(func(context.Context, func(int) bool) error { panic("it begins") }, sink.Config[int]{})
	handler.ServeHTTP(&writer{onFlush: handler.Close}, httptest.NewRequest(http.MethodGet, "/", nil))
	handler.Close()
}

// Clients come and go, the run ends or not, and the handler is closed or the server shut down meanwhile. The
// bubble fails on a goroutine that is left.
func TestNothingIsLeftWhateverHappens(t *testing.T) {
	overBoth(t, func(t *testing.T, http2 bool) {
		for i := range 40 {
			synctest.Test(t, func(t *testing.T) {
				handler := sink.EventSource(counting(30), sink.Config[int]{
					Eager: i%2 == 0, Replay: i % 5, MaxClients: 6 * (i % 3), Heartbeat: 10 * time.Millisecond,
				})
				server := serveInMemory(t, handler, http2)
				var clients sync.WaitGroup
				for n := range 8 {
					clients.Go(func() {
						time.Sleep(time.Duration(n*i%40) * time.Millisecond)
						ctx, cancel := context.WithTimeout(t.Context(), time.Duration(n*7)*time.Millisecond)
						defer cancel()
						_, _ = source.FromEventSource[int](memoryURL, source.WithHTTPClient(server.client), quiet,
							source.WithRetry(retry.Policy{InitialDelay: time.Millisecond, MaxAttempts: 3})).Collect(ctx)
					})
				}
				time.Sleep(time.Duration(i) * time.Millisecond)
				switch i % 4 {
				case 0:
					handler.Close()
				case 1:
					require.NoError(t, server.Shutdown(t.Context()))
				case 2:
					go handler.Close()
					require.NoError(t, server.Shutdown(t.Context()))
				}
				clients.Wait()
				handler.Close()
				handler.Close()
				synctest.Wait()
				require.Zero(t, handler.Clients())
			})
		}
	})
}

func TestMaxClientsWhenAllComeAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		handler := sink.EventSource(source.Never[int](), sink.Config[int]{MaxClients: 10})
		var served, refused atomic.Int32
		for range 100 {
			go func() {
				w := httptest.NewRecorder()
				handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", nil))
				if w.Code == http.StatusOK {
					served.Add(1)
				} else {
					refused.Add(1)
				}
			}()
		}
		synctest.Wait()
		require.Equal(t, 10, handler.Clients())
		require.EqualValues(t, 90, refused.Load())
		handler.Close()
		synctest.Wait()
		require.EqualValues(t, 10, served.Load())
	})
}

// ending is a source that waits for its end and then fails with the given error.
func ending(err error) observable.Observable[int] {
	return func(ctx context.Context, _ func(int) bool) error {
		<-ctx.Done()
		return err
	}
}

func TestAFailureToEndIsReported(t *testing.T) {
	teardown, unencodable := errors.New("teardown"), errors.New("unencodable")
	synctest.Test(t, func(t *testing.T) {
		var reported []error
		onError := func(err error) { reported = append(reported, err) }

		handler := sink.EventSource(ending(teardown), sink.Config[int]{Eager: true, OnError: onError})
		synctest.Wait()
		handler.Close()
		require.Equal(t, []error{teardown}, reported)

		reported = nil
		handler = sink.EventSource(ending(context.Canceled), sink.Config[int]{Eager: true, OnError: onError})
		synctest.Wait()
		handler.Close()
		require.Empty(t, reported, "that it is closed is no failure")

		reported = nil
		handler = sink.EventSource(func(_ context.Context, emit func(int) bool) error {
			require.False(t, emit(1))
			return teardown
		}, sink.Config[int]{
			Eager: true, OnError: onError, Encode: func(int) ([]byte, error) { return nil, unencodable },
		})
		synctest.Wait()
		handler.Close()
		require.Len(t, reported, 1)
		require.ErrorIs(t, reported[0], unencodable)
		require.ErrorIs(t, reported[0], teardown)
	})
}

// The shutdown of one server ends its responses, and those of another continue.
func TestTheShutdownOfOneOfTwoServers(t *testing.T) {
	overBoth(t, func(t *testing.T, http2 bool) {
		synctest.Test(t, func(t *testing.T) {
			handler := sink.EventSource(source.Never[int](), sink.Config[int]{})
			first, second := serveInMemory(t, handler, http2), serveInMemory(t, handler, http2)
			for _, server := range []memory{first, second} {
				response := server.get(t, "")
				go func() { require.Empty(t, body(t, response)) }()
			}
			require.Equal(t, 2, handler.Clients())
			require.NoError(t, first.Shutdown(t.Context()))
			require.Equal(t, 1, handler.Clients())
			handler.Close()
			synctest.Wait()
			require.Zero(t, handler.Clients())
		})
	})
}

// A panic of a function that the run calls ends the program. The test runs itself to see that.
func TestAPanicOfTheRunCrashes(t *testing.T) {
	if os.Getenv("SINK_TEST_PANIC") != "" {
		handler := sink.EventSource(source.Of(1), sink.Config[int]{Encode: func(int) ([]byte, error) { panic("in Encode") }})
		handler.ServeHTTP(&writer{}, httptest.NewRequest(http.MethodGet, "/", nil))
		return
	}
	test := exec.Command(os.Args[0], "-test.run=^TestAPanicOfTheRunCrashes$")
	test.Env = append(os.Environ(), "SINK_TEST_PANIC=yes")
	output, err := test.CombinedOutput()
	require.Error(t, err)
	require.Contains(t, string(output), "panic: in Encode")
}

// A panic in OnDisconnect is one in a handler of net/http, which logs it. The client has left nevertheless.
func TestAPanicInOnDisconnect(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		handler := sink.EventSource(source.Range(0, 10), sink.Config[int]{
			Buffer: 1, OnDisconnect: func(*http.Request) { panic("in OnDisconnect") },
		})
		response := serveInMemory(t, handler, false).get(t, "")
		synctest.Wait()
		_ = response.Body.Close()
		require.EqualValues(t, 1, handler.Stats().Disconnected)
		require.Zero(t, handler.Clients())
	})
}
