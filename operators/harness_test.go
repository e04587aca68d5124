package operators_test

import (
	"context"
	"errors"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/observabletest"
	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

// endings are the sources over which every operator must keep the contract.
var endings = []struct {
	name string
	src  numbers
}{
	{"empty", source.Empty[int]()},
	{"one item", source.Of(7)},
	{"some items", source.Of(3, 1, 4, 1, 5, 9, 2, 6)},
	{"failing at once", source.Throw[int](errSource)},
	{"failing later", failing(3, 1, 4)},
	{"never", source.Never[int]()},
	{"waiting later", operators.Concat(source.Of(3, 1, 4), source.Never[int]())},
	{"endless, one by one", bursts(1)},
	{"endless, 200 at once", bursts(200)}, // more than a queue holds
}

// checkOperator runs observabletest.Check on what op makes of sources that complete, fail, wait and never end.
func checkOperator[T any](t *testing.T, op func(numbers) observable.Observable[T], opts ...observabletest.Option) {
	t.Helper()
	for _, ending := range endings {
		t.Run(ending.name, func(t *testing.T) { observabletest.Check(t, op(ending.src), opts...) })
	}
}

// checkSynchronous is checkOperator for a synchronous operator, which besides ends with a source that never waits,
// stops its source at the deciding item, and allocates nothing per item.
func checkSynchronous[T any](t *testing.T, op func(numbers) observable.Observable[T], opts ...observabletest.Option) {
	t.Helper()
	checkAllocating(t, op, opts...)
	t.Run("allocates nothing per item", func(t *testing.T) { checkAllocations(t, op) })
}

// checkAllocating is checkSynchronous for an operator that may allocate.
func checkAllocating[T any](t *testing.T, op func(numbers) observable.Observable[T], opts ...observabletest.Option) {
	t.Helper()
	checkOperator(t, op, opts...)
	t.Run("endless without a wait", func(t *testing.T) { checkEndless(t, op) })
	t.Run("stops at the deciding item", func(t *testing.T) { checkStop(t, op) })
}

// checkStop stops op at several of its items and looks for items of its source after that.
func checkStop[T any](t *testing.T, op func(numbers) observable.Observable[T]) {
	for _, stopAt := range []int{1, 2, 5} {
		pulled, pulledAtStop := 0, 0
		src := operators.Map(source.Range(0, 300), func(i int) int { pulled++; return i })
		items := 0
		err := op(src)(t.Context(), func(T) bool {
			items++
			pulledAtStop = pulled
			return items < stopAt
		})
		require.LessOrEqual(t, items, stopAt)
		if items == stopAt {
			require.NoError(t, err)
			require.Equal(t, pulledAtStop, pulled, "the source went on after item %d", stopAt)
		}
	}
}

// checkEndless cancels op when its source has emitted 1,000 items of an endless stream. (Check would do the same
// with an operator that is silent until its end, but only after 65,536 items, in each of its runs.)
func checkEndless[T any](t *testing.T, op func(numbers) observable.Observable[T]) {
	cause := errors.New("enough")
	ctx, cancel := context.WithCancelCause(t.Context())
	defer cancel(nil)
	src := operators.Map(source.Range(0, math.MaxInt), func(i int) int {
		if i == 1_000 {
			cancel(cause)
		}
		return i
	})
	err := op(src).ForEach(ctx, func(T) {})
	if ctx.Err() != nil { // else op needed fewer
		require.Equal(t, cause, err)
	}
}

// checkAllocations compares the allocations of a short run with those of a long one, over a few different numbers.
func checkAllocations[T any](t *testing.T, op func(numbers) observable.Observable[T]) {
	allocations := func(items int) float64 {
		run := op(operators.Map(source.Range(0, items), func(i int) int { return i % 8 }))
		return testing.AllocsPerRun(5, func() { _ = run(t.Context(), func(T) bool { return true }) })
	}
	// A few may come from elsewhere in the process.
	require.InDelta(t, allocations(1_000), allocations(50_000), 5)
}
