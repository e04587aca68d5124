package operators_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/observabletest"
	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

// overflows are the policies, each with the items that are emitted of 1 to 9. A new one comes every second. Downstream is
// busy with the first one, and three may wait.
var overflows = []struct {
	policy         observable.Overflow
	items, dropped []int
	err            error
	took           time.Duration // of the source
}{
	{observable.Block, []int{1, 2, 3, 4, 5, 6, 7, 8, 9}, nil, nil, 60 * time.Second},
	{observable.DropOldest, []int{1, 7, 8, 9}, []int{2, 3, 4, 5, 6}, nil, 9 * time.Second},
	{observable.DropNewest, []int{1, 2, 3, 4}, []int{5, 6, 7, 8, 9}, nil, 9 * time.Second},
	{observable.Fail, []int{1, 2, 3, 4}, []int{5}, observable.ErrOverflow, 5 * time.Second},
}

func TestOnBackpressureBuffer(t *testing.T) {
	for _, c := range overflows {
		synctest.Test(t, func(t *testing.T) {
			begin := time.Now()
			var items, dropped []int
			var took time.Duration
			src := operators.Finally(after(1, 1, 1, 1, 1, 1, 1, 1, 1), func(error) { took = time.Since(begin) })
			src = operators.Scan(src, 0, func(n, _ int) int { return n + 1 })
			stream := operators.OnBackpressureBuffer(src, 3, c.policy, func(v int) { dropped = append(dropped, v) })
			err := stream.ForEach(t.Context(), func(v int) {
				if items = append(items, v); v == 1 {
					time.Sleep(time.Minute - time.Second)
				}
			})
			require.Equal(t, c.err, err)
			require.Equal(t, c.items, items)
			require.Equal(t, c.dropped, dropped)
			require.GreaterOrEqual(t, took, c.took)
		})
	}
}

func TestOnBackpressureBufferFailsAfterWhatWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		stream := operators.OnBackpressureBuffer(failing(1, 2, 3), 3, observable.DropNewest, nil)
		requireResult(t, stream, errSource, 1, 2, 3)
	})
}

func TestOnBackpressureDropAndLatest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		busy := func(stream numbers) (items []int) {
			require.NoError(t, stream.ForEach(t.Context(), func(v int) {
				items = append(items, v)
				time.Sleep(26 * time.Second / 10)
			}))
			return items
		}
		src := operators.Scan(after(1, 1, 1, 1, 1, 1), 0, func(n, _ int) int { return n + 1 })
		var dropped []int
		drop := func(v int) { dropped = append(dropped, v) }
		require.Equal(t, []int{1, 2, 4}, busy(operators.OnBackpressureDrop(src, drop)))
		require.Equal(t, []int{3, 5, 6}, dropped)
		require.Equal(t, []int{1, 3, 6}, busy(operators.OnBackpressureLatest(src)))
	})
}

// What is emitted and what is dropped is together what came, however the two goroutines take turns.
func TestOnBackpressureLosesNothingUnsaid(t *testing.T) {
	for _, policy := range []observable.Overflow{observable.DropOldest, observable.DropNewest} {
		const n = 20_000
		var dropped []int
		src := operators.OnBackpressureBuffer(source.Range(0, n), 8, policy, func(v int) { dropped = append(dropped, v) })
		items, err := src.Collect(t.Context())
		require.NoError(t, err)
		require.IsIncreasing(t, items)
		require.Len(t, append(items, dropped...), n)
		require.Subset(t, append(items, dropped...), []int{0, 1, n - 1})
	}
}

func TestOnBackpressureKeepsTheContract(t *testing.T) {
	for _, c := range overflows {
		checkOperator(t, func(src numbers) numbers {
			return operators.OnBackpressureBuffer(src, 300, c.policy, nil)
		}, observabletest.Varying())
	}
	t.Run("OnBackpressureDrop", func(t *testing.T) {
		op := func(src numbers) numbers { return operators.OnBackpressureDrop(src, nil) }
		checkOperator(t, op, observabletest.Varying())
	})
	t.Run("OnBackpressureLatest", func(t *testing.T) {
		checkOperator(t, operators.OnBackpressureLatest[int], observabletest.Varying())
	})
}

func TestOnBackpressureMisused(t *testing.T) {
	build := func(src numbers, capacity int, policy observable.Overflow) func() {
		return func() { operators.OnBackpressureBuffer(src, capacity, policy, nil) }
	}
	requirePanic(t, "operators.OnBackpressureBuffer: nil", build(nil, 1, observable.Block))
	requirePanic(t, "operators.OnBackpressureBuffer: capacity is 0,", build(source.Of(1), 0, observable.Block))
	requirePanic(t, "operators.OnBackpressureBuffer: policy is 4,", build(source.Of(1), 1, observable.Fail+1))
	requirePanic(t, "operators.OnBackpressureDrop: nil", func() { operators.OnBackpressureDrop[int](nil, nil) })
	requirePanic(t, "operators.OnBackpressureLatest: nil", func() { operators.OnBackpressureLatest[int](nil) })
}
