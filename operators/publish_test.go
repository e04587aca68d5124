package operators_test

import (
	"context"
	"errors"
	"math"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/observabletest"
	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

func TestPublishKeepsTheContract(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		feed := operators.Publish(source.Of(1, 2, 3))
		observabletest.Check(t, feed.Observable()) // waits for a Connect that does not come
	})
	checkOperator(t, func(src numbers) numbers { return operators.Publish(src).AutoConnect(1) },
		observabletest.Varying())
}

// Subscribers wait for the connection. One that subscribed before it misses nothing.
func TestConnect(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u := &upstream{src: failing(1, 2, 3)}
		feed := operators.Publish(u.run)
		var first, second []int
		firstRun := feed.Subscribe(t.Context(), collected(&first))
		secondRun := feed.Observable().Subscribe(t.Context(), collected(&second))
		time.Sleep(time.Minute)
		require.Zero(t, u.runs.Load())

		connection := feed.Connect(t.Context())
		require.Equal(t, errSource, connection.Wait())
		require.Equal(t, errSource, firstRun.Wait())
		require.Equal(t, errSource, secondRun.Wait())
		require.Equal(t, []int{1, 2, 3}, first)
		require.Equal(t, first, second)
		require.EqualValues(t, 1, u.runs.Load())

		thirdRun := feed.Subscribe(t.Context(), collected(&second)) // waits for the next connection
		synctest.Wait()
		require.Equal(t, errSource, feed.Connect(t.Context()).Wait())
		require.Equal(t, errSource, thirdRun.Wait())
		require.Equal(t, []int{1, 2, 3, 1, 2, 3}, second)
		require.EqualValues(t, 2, u.runs.Load())
	})
}

// A connection goes on without subscribers; they come and go.
func TestConnectWithoutSubscribers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u := &upstream{src: source.Interval(time.Second)}
		feed := operators.Publish(u.run)
		connection := feed.Connect(t.Context())
		require.True(t, connection == feed.Connect(t.Context()), "it is connected already")
		time.Sleep(2500 * time.Millisecond)
		requireResult(t, operators.Take(feed.Observable(), 2), nil, 2, 3)
		requireResult(t, operators.Take(feed.AutoConnect(1), 2), nil, 4, 5) // it is connected, and stays so
		time.Sleep(2500 * time.Millisecond)
		requireResult(t, operators.Take(feed.Observable(), 1), nil, 8)
		connection.Dispose()
		require.NoError(t, connection.Wait())
		require.EqualValues(t, 1, u.runs.Load())
		require.Zero(t, u.now.Load())
	})
}

// When a connection is cut its subscribers fail, also while the source waits for one of them.
func TestConnectThatIsCut(t *testing.T) {
	cause := errors.New("enough")
	for name, src := range map[string]numbers{"while it waits": source.Never[int](), "while it emits": bursts(math.MaxInt)} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				feed := operators.Publish(src)
				gate := make(chan struct{})
				slow := feed.Subscribe(t.Context(), observable.Observer[int]{
					Next: func(int) { <-gate }, Error: func(error) {},
				})
				ctx, cancel := context.WithCancelCause(t.Context())
				connection := feed.Connect(ctx)
				synctest.Wait()
				cancel(cause)
				require.Equal(t, cause, connection.Wait())
				close(gate)
				require.Equal(t, cause, slow.Wait())

				next := feed.Subscribe(t.Context(), observable.Observer[int]{Error: func(error) {}})
				connection = feed.Connect(t.Context())
				connection.Dispose()
				require.NoError(t, connection.Wait())
				require.Error(t, next.Wait())
			})
		})
	}
}

func TestConnectReturnsTheFailureOfEnding(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u := &upstream{src: bursts(math.MaxInt), failure: errSource}
		connection := operators.Publish(u.run).Connect(t.Context())
		connection.Dispose()
		require.ErrorIs(t, connection.Wait(), errSource)
	})
}

func TestAutoConnect(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u := &upstream{src: source.Of(1, 2, 3)}
		shared := operators.Publish(u.run).AutoConnect(3)
		for range 2 {
			runs := make([]*observable.Subscription, 3)
			items := make([][]int, 3)
			for i := range runs {
				synctest.Wait()
				require.Zero(t, u.now.Load())
				runs[i] = shared.Subscribe(t.Context(), collected(&items[i]))
			}
			for i, run := range runs {
				require.NoError(t, run.Wait())
				require.Equal(t, []int{1, 2, 3}, items[i])
			}
		}
		require.EqualValues(t, 2, u.runs.Load())
	})
}

// One that leaves before there are enough does not count.
func TestAutoConnectCountsThoseWhoAreThere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u := &upstream{src: source.Interval(time.Second)}
		shared := operators.Publish(u.run).AutoConnect(2)
		for range 3 {
			ctx, cancel := context.WithTimeoutCause(t.Context(), time.Second, errSource)
			err := shared.ForEach(ctx, func(int) {})
			require.Equal(t, errSource, err)
			cancel()
		}
		require.Zero(t, u.runs.Load())
		var first, second []int
		firstRun := operators.Take(shared, 2).Subscribe(t.Context(), collected(&first))
		secondRun := operators.Take(shared, 3).Subscribe(t.Context(), collected(&second))
		require.NoError(t, firstRun.Wait())
		require.EqualValues(t, 1, u.now.Load())
		require.NoError(t, secondRun.Wait())
		require.Zero(t, u.now.Load(), "the last one has waited for the end of the source")
		require.Equal(t, []int{0, 1}, first)
		require.Equal(t, []int{0, 1, 2}, second)
	})
}

func TestPublishPanics(t *testing.T) {
	requirePanic(t, "operators.Publish: nil source", func() { operators.Publish[int](nil) })
	requirePanic(t, "operators.Connectable.AutoConnect: n is 0", func() { operators.Publish(source.Of(1)).AutoConnect(0) })
}
