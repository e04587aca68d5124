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
	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

// quicker takes less time with each call.
func quicker(ctx context.Context, i int) (int, error) {
	select {
	case <-time.After(time.Duration(max(0, 100-i)) * time.Millisecond):
		return -i, nil
	case <-ctx.Done():
		return 0, ctx.Err()
	}
}

func TestParallelMapKeepsTheOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		got, err := operators.ParallelMap(source.Range(0, 500), 8, quicker).Collect(t.Context())
		require.NoError(t, err)
		require.Len(t, got, 500)
		require.IsDecreasing(t, got)
	})
}

func TestParallelMapKeepsTheContract(t *testing.T) {
	op := func(sources ...numbers) observable.Observable[int] {
		return operators.ParallelMap(sources[0], 3, quicker)
	}
	checkSources(t, 1, op)
	checkFailures(t, 1, op)
	checkTeardown(t, 1, op)
}

func TestParallelMapCallsAsManyAsItMay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var running crowd
		start := time.Now()
		f := func(ctx context.Context, i int) (int, error) {
			return running.of(operators.DelaySubscription(source.Of(i), time.Second)).First(ctx)
		}
		err := operators.ParallelMap(source.Range(0, 12), 4, f).ForEach(t.Context(), func(int) {})
		require.NoError(t, err)
		require.EqualValues(t, 4, running.most.Load())
		require.Equal(t, 3*time.Second, time.Since(start))
	})
}

func TestParallelMapHoldsNoMoreThanItMay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		taken := 0
		src := operators.Map(source.Range(0, 100), func(i int) int { taken++; return i })
		f := func(_ context.Context, i int) (int, error) { return i, nil }
		emitted := 0
		err := operators.ParallelMap(src, 4, f).ForEach(t.Context(), func(int) {
			emitted++
			synctest.Wait()
			require.LessOrEqual(t, taken, emitted+4*4+1, "sixteen wait and src has one more")
		})
		require.NoError(t, err)
	})
}

// A worker costs nothing until there is an item for it, so that there may be any number of them.
func TestParallelMapWithMoreWorkersThanItems(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		requireResult(t, operators.ParallelMap(source.Range(0, 4), math.MaxInt, quicker), nil, 0, -1, -2, -3)
		require.Equal(t, 100*time.Millisecond, time.Since(start))
		requireResult(t, operators.ParallelMap(failing(), math.MaxInt, quicker), errSource)
		requireResult(t, operators.ParallelMap(source.Empty[int](), math.MaxInt, quicker), nil)
	})
}

// The results of the items before a failure are emitted, and the calls for those after it are canceled, no matter which call
// is quicker.
func TestParallelMapFailsInItsTurn(t *testing.T) {
	boom := errors.New("boom")
	f := func(ctx context.Context, i int) (int, error) {
		switch {
		case i == 5:
			return 0, boom
		case i > 5:
			<-ctx.Done()
			return 0, context.Cause(ctx)
		default:
			return quicker(ctx, i)
		}
	}
	for workers := range 9 {
		inBubble(t, func(t *testing.T) {
			requireResult(t, operators.ParallelMap(numbers(endless), workers+1, f), boom, 0, -1, -2, -3, -4)
			src := failing(0, 1, 2, 3)
			requireResult(t, operators.ParallelMap(src, workers+1, f), errSource, 0, -1, -2, -3)
		})
	}
}

// The workers leave before src has ended. What is wrong with that only the race detector sees, and not in every run.
func TestParallelMapCancelledAmidItsItems(t *testing.T) {
	enough := errors.New("enough")
	double := func(_ context.Context, i int) (int, error) { return 2 * i, nil }
	for i := range 300 {
		ctx, cancel := context.WithCancelCause(t.Context())
		src := operators.Tap(source.Range(0, 300), observable.Observer[int]{Next: func(v int) {
			if v == i {
				go cancel(enough)
			}
		}})
		err := operators.ParallelMap(src, 4, double).ForEach(ctx, func(int) {})
		if err != nil { // else it was over before
			require.Equal(t, enough, err)
		}
		cancel(nil)
	}
}

func TestParallelMapReportsACallThatCannotClose(t *testing.T) {
	f := func(ctx context.Context, _ int) (int, error) {
		<-ctx.Done()
		return 0, errors.Join(ctx.Err(), errClose)
	}
	inBubble(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		err := operators.ParallelMap(numbers(endless), 1, f).ForEach(ctx, func(int) {})
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.ErrorIs(t, err, errClose)
	})
}

func TestParallelMapMisused(t *testing.T) {
	requirePanic(t, "operators.ParallelMap: nil", func() { operators.ParallelMap(nil, 1, quicker) })
	requirePanic(t, "operators.ParallelMap: nil", func() { operators.ParallelMap[int, int](source.Of(1), 1, nil) })
	requirePanic(t, "operators.ParallelMap: workers is 0", func() { operators.ParallelMap(source.Of(1), 0, quicker) })
}
