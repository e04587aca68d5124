package operators_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

// quicker is a function of which the later calls take less time.
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
			require.LessOrEqual(t, taken, emitted+4+1, "four are done and src waits with one more")
		})
		require.NoError(t, err)
	})
}

func TestParallelMapFailsAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		boom := errors.New("boom")
		f := func(ctx context.Context, i int) (int, error) {
			if i == 2 {
				return 0, boom
			}
			<-ctx.Done()
			return 0, context.Cause(ctx)
		}
		require.Equal(t, boom, operators.ParallelMap(numbers(endless), 4, f).ForEach(t.Context(), func(int) {}))
	})
}

func TestParallelMapMisused(t *testing.T) {
	requirePanic(t, "operators.ParallelMap: nil", func() { operators.ParallelMap(nil, 1, quicker) })
	requirePanic(t, "operators.ParallelMap: nil", func() { operators.ParallelMap[int, int](source.Of(1), 1, nil) })
	requirePanic(t, "operators.ParallelMap: workers is 0", func() { operators.ParallelMap(source.Of(1), 0, quicker) })
}
