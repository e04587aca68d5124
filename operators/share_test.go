package operators_test

import (
	"context"
	"errors"
	"math"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/observabletest"
	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

// collected notes the items of a subscriber.
func collected(items *[]int) observable.Observer[int] {
	return observable.Observer[int]{Next: func(v int) { *items = append(*items, v) }, Error: func(error) {}}
}

func TestShareKeepsTheContract(t *testing.T) {
	checkOperator(t, func(src numbers) numbers { return operators.Share(src) }, observabletest.Varying())
}

func TestShareReplayKeepsTheContract(t *testing.T) {
	checkOperator(t, func(src numbers) numbers { return operators.ShareReplay(src, 3) }, observabletest.Varying())
}

func TestShareRunsItsSourceOnceAtATime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u := &upstream{src: source.Interval(time.Second)}
		shared := operators.Share(u.run)
		var first, second []int
		firstRun := shared.Subscribe(t.Context(), collected(&first))
		time.Sleep(2500 * time.Millisecond)
		secondRun := operators.Take(shared, 2).Subscribe(t.Context(), collected(&second))
		require.NoError(t, secondRun.Wait())
		time.Sleep(time.Second)
		synctest.Wait()
		firstRun.Dispose()
		<-firstRun.Done()
		require.Zero(t, u.now.Load(), "the last one has waited for the end of the source")
		require.EqualValues(t, 1, u.runs.Load())
		require.Equal(t, []int{0, 1, 2, 3, 4}, first)
		require.Equal(t, []int{2, 3}, second)
	})
}

func TestShareBeginsAnewAfterEveryEnd(t *testing.T) {
	for name, test := range map[string]struct {
		src  numbers
		take int
		err  error
	}{
		"complete": {source.Of(1, 2), 9, nil},
		"failed":   {failing(1, 2), 9, errSource},
		"left":     {operators.Concat(source.Of(1, 2), source.Never[int]()), 2, nil},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				u := &upstream{src: test.src}
				shared := operators.Take(operators.Share(u.run), test.take)
				for run := range 3 {
					requireResult(t, shared, test.err, 1, 2)
					require.EqualValues(t, run+1, u.runs.Load())
					require.Zero(t, u.now.Load())
				}
			})
		})
	}
}

// The end of the source ends all subscribers, early and late ones.
func TestShareEndsForAll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		src := operators.Concat(operators.Take(source.Interval(time.Second), 2), source.Throw[int](errSource))
		shared := operators.Share(src)
		runs := make([]*observable.Subscription, 3)
		items := make([][]int, 3)
		for i := range runs {
			runs[i] = shared.Subscribe(t.Context(), collected(&items[i]))
		}
		for i, run := range runs {
			require.Equal(t, errSource, run.Wait())
			require.Equal(t, []int{0, 1}, items[i])
		}
	})
}

// The one who started the source is a subscriber as any other: the source goes on without it, with its values.
func TestShareOutlivesItsFirstSubscriber(t *testing.T) {
	type key struct{}
	synctest.Test(t, func(t *testing.T) {
		src := func(ctx context.Context, emit func(any) bool) error {
			ticks := source.Interval(time.Second)
			return ticks(ctx, func(int) bool { return emit(ctx.Value(key{})) })
		}
		shared := operators.Share(src)
		cause := errors.New("enough")
		ctx, cancel := context.WithCancelCause(context.WithValue(t.Context(), key{}, "of the first"))
		first := shared.Subscribe(ctx, observable.Observer[any]{Error: func(error) {}})
		synctest.Wait()
		second := operators.Take(shared, 2).Observe(t.Context(), 9)
		synctest.Wait()
		cancel(cause)
		require.Equal(t, cause, first.Wait())
		require.Equal(t, observable.Item[any]{Value: "of the first"}, <-second)
		require.Equal(t, observable.Item[any]{Value: "of the first"}, <-second)
		<-second
	})
}

// The last subscriber waits for the end of the run. One that comes meanwhile gets another run, after that.
func TestShareWhileItsSourceIsEnding(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u := &upstream{src: source.Interval(time.Second), ending: time.Minute}
		shared := operators.Take(operators.Share(u.run), 2)
		var first, second, third []int
		start := time.Now()
		firstRun := shared.Subscribe(t.Context(), collected(&first))
		time.Sleep(2500 * time.Millisecond)
		secondRun := shared.Subscribe(t.Context(), collected(&second))
		time.Sleep(time.Second)
		secondRun.Dispose() // before its run of the source has begun
		thirdRun := shared.Subscribe(t.Context(), collected(&third))
		require.NoError(t, firstRun.Wait())
		require.Equal(t, 2*time.Second+u.ending, time.Since(start))
		require.NoError(t, secondRun.Wait())
		require.NoError(t, thirdRun.Wait())
		require.Zero(t, u.now.Load())
		require.EqualValues(t, 1, u.most.Load())
		require.Equal(t, []int{0, 1}, first)
		require.Empty(t, second)
		require.Equal(t, []int{0, 1}, third)
	})
}

// The last subscriber learns what failed in ending the source, whether that learns of it from emit or from its context.
func TestShareReturnsTheFailureOfEnding(t *testing.T) {
	for name, src := range map[string]numbers{
		"while it emits": bursts(math.MaxInt),
		"while it waits": bursts(1),
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				u := &upstream{src: src, failure: errSource}
				_, err := operators.Share(u.run).First(t.Context())
				require.ErrorIs(t, err, errSource)
			})
		})
	}
}

// An error that the source joins to the cause of its context is one from stopping it. A bare error is a failure of the
// source, which does not count after the last subscriber has left.
func TestShareOfASourceThatFailsWhileItIsStopped(t *testing.T) {
	cut := errors.New("cut")
	for name, test := range map[string]struct {
		end               func(context.Context) error
		stopped, canceled error
	}{
		"to stop cleanly": {
			func(ctx context.Context) error { return errors.Join(context.Cause(ctx), errClose) },
			errClose, errors.Join(cut, errClose),
		},
		"by itself": {func(context.Context) error { return errSource }, nil, cut},
	} {
		src := func(ctx context.Context, emit func(int) bool) error {
			emit(1)
			<-ctx.Done()
			return test.end(ctx)
		}
		for kind, shared := range map[string]numbers{
			"Share":       operators.Share(src),
			"ShareReplay": operators.ShareReplay(src, 2),
			"AutoConnect": operators.Publish(src).AutoConnect(1),
		} {
			t.Run(kind+" "+name, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					requireResult(t, operators.Take(shared, 1), test.stopped, 1)
					ctx, cancel := context.WithTimeoutCause(t.Context(), time.Second, cut)
					defer cancel()
					require.Equal(t, test.canceled, shared.ForEach(ctx, func(int) {}))
				})
			})
		}
	}
}

// A source that does not wait is over, for the first subscriber, before the second one comes.
func TestShareOfASynchronousSource(t *testing.T) {
	u := &upstream{src: source.Range(0, 10_000)}
	shared := operators.Share(u.run)
	for range 2 {
		got, err := shared.Collect(t.Context())
		require.NoError(t, err)
		require.Equal(t, 10_000, len(got))
	}
	require.EqualValues(t, 2, u.runs.Load())
}

// The source waits for a subscriber that does not read, until this one leaves. No subscriber misses an item.
func TestShareWithASlowSubscriber(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const waiting, taken, all = 1024, 256, 5000
		u := &upstream{src: operators.DelaySubscription(source.Range(0, all), time.Second)}
		shared := operators.Share(u.run)
		gate := make(chan struct{})
		slow := operators.Take(shared, 1).Subscribe(t.Context(), observable.Observer[int]{Next: func(int) { <-gate }})
		var items []int
		quick := shared.Subscribe(t.Context(), collected(&items))
		time.Sleep(time.Minute)
		synctest.Wait()
		require.GreaterOrEqual(t, len(items), waiting)
		require.LessOrEqual(t, len(items), waiting+taken)
		close(gate)
		require.NoError(t, slow.Wait())
		require.NoError(t, quick.Wait())
		require.Len(t, items, all)
		require.True(t, slices.IsSorted(items))
	})
}

func TestShareReplay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u := &upstream{src: source.Interval(time.Second)}
		shared := operators.ShareReplay(u.run, 2)
		var first []int
		firstRun := shared.Subscribe(t.Context(), collected(&first))
		time.Sleep(3500 * time.Millisecond)
		requireResult(t, operators.Take(shared, 4), nil, 1, 2, 3, 4)
		synctest.Wait()
		firstRun.Dispose()
		<-firstRun.Done()
		require.Equal(t, []int{0, 1, 2, 3, 4}, first)
		require.Zero(t, u.now.Load())

		requireResult(t, operators.Take(shared, 3), nil, 3, 4, 0)
		requireResult(t, operators.Take(shared, 1), nil, 4)
		require.EqualValues(t, 3, u.runs.Load())
	})
}

func TestShareReplayAfterTheEndBeginsAnew(t *testing.T) {
	for _, ended := range []struct {
		src numbers
		err error
	}{{source.Of(1, 2, 3), nil}, {failing(1, 2, 3), errSource}} {
		shared := operators.ShareReplay(ended.src, 2)
		requireResult(t, shared, ended.err, 1, 2, 3)
		requireResult(t, shared, ended.err, 2, 3, 1, 2, 3)
	}
}

// Many come and go, at random. There is never more than one run, no subscriber misses an item or gets one twice, and
// nothing is left over.
func TestShareWhileManyComeAndGo(t *testing.T) {
	for name, share := range map[string]func(numbers) numbers{
		"Share":       operators.Share[int],
		"ShareReplay": func(src numbers) numbers { return operators.ShareReplay(src, 5) },
	} {
		t.Run(name, func(t *testing.T) {
			u := &upstream{}
			next := 0
			u.src = func(ctx context.Context, emit func(int) bool) error { // goes on where the run before was stopped
				for ; emit(next); next++ {
				}
				return nil
			}
			shared := share(u.run)
			for n := range 200 {
				var all sync.WaitGroup
				for i := range 4 {
					all.Go(func() {
						requireInARow(t, operators.Take(shared, 1+n%7*i))
						requireInARow(t, operators.Take(shared, 1+n%11*i))
					})
				}
				all.Wait()
				require.Zero(t, u.now.Load())
				require.EqualValues(t, 1, u.most.Load())
				require.GreaterOrEqual(t, u.runs.Load(), int32(n+1))
			}
		})
	}
}

// requireInARow requires that every item is the one before it plus one.
func requireInARow(t *testing.T, o numbers) {
	got, err := o.Collect(t.Context())
	if err != nil {
		t.Error(err)
	}
	for i := 1; i < len(got); i++ {
		if step := got[i] - got[i-1]; step != 1 {
			t.Errorf("after %d came %d", got[i-1], got[i])
		}
	}
}

func TestSharePanics(t *testing.T) {
	requirePanic(t, "operators.Share: nil source", func() { operators.Share[int](nil) })
	requirePanic(t, "operators.ShareReplay: nil source", func() { operators.ShareReplay[int](nil, 1) })
	requirePanic(t, "operators.ShareReplay: n is -1", func() { operators.ShareReplay(source.Of(1), -1) })
}
