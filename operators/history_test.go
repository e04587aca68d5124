package operators_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

func TestHistory(t *testing.T) {
	for n, want := range [][][]int{
		{{}, {}, {}, {}},
		{{1}, {2}, {3}, {4}},
		{{1}, {2, 1}, {3, 2}, {4, 3}},
		{{1}, {2, 1}, {3, 2, 1}, {4, 3, 2}},
		{{1}, {2, 1}, {3, 2, 1}, {4, 3, 2, 1}},
		{{1}, {2, 1}, {3, 2, 1}, {4, 3, 2, 1}},
	} {
		requireResult(t, operators.History(source.Of(1, 2, 3, 4), n), nil, want...)
	}
	requireResult(t, operators.History(source.Of(1, 2), math.MaxInt), nil, []int{1}, []int{2, 1})
	requireResult(t, operators.History(failing(1, 2), 2), errSource, []int{1}, []int{2, 1})
	requireResult(t, operators.History(source.Empty[int](), 2), nil)
}

// A slice that is kept does not change over many blocks, even if the test appends to other slices.
func TestHistoryIsNeverRewritten(t *testing.T) {
	for _, n := range []int{0, 1, 2, 3, 7, 20, 40} {
		kept, err := operators.History(source.Range(0, 1_000), n).Collect(t.Context())
		require.NoError(t, err)
		for _, slice := range kept {
			_ = append(slice, -1, -2)
		}
		for i, slice := range kept {
			require.Len(t, slice, min(i+1, n))
			for back, v := range slice {
				require.Equal(t, i-back, v, "n %d, item %d: %v", n, i, slice)
			}
		}
	}
}

func TestHistoryAllocatesLittle(t *testing.T) {
	const items = 10_000
	run := operators.History(source.Range(0, items), 20)
	allocations := testing.AllocsPerRun(5, func() { _ = run(t.Context(), func([]int) bool { return true }) })
	require.Less(t, allocations/items, 0.02)
}

func TestHistoryKeepsTheContract(t *testing.T) {
	checkAllocating(t, func(src numbers) observable.Observable[[]int] { return operators.History(src, 3) })
}

func TestHistoryMisused(t *testing.T) {
	requirePanic(t, "operators.History: nil", func() { operators.History[int](nil, 1) })
	requirePanic(t, "operators.History: n is -1,", func() { operators.History(source.Of(1), -1) })
}

// BenchmarkHistory compares History with a fold that copies each slice. An op is 10,000 items.
func BenchmarkHistory(b *testing.B) {
	const n = 20
	prepend := func(latest []int, v int) []int {
		return append([]int{v}, latest[:min(len(latest), n-1)]...)
	}
	for name, run := range map[string]observable.Observable[[]int]{
		"blocks":  operators.History(source.Range(0, 10_000), n),
		"copying": operators.Scan(source.Range(0, 10_000), nil, prepend),
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				_ = run(b.Context(), func([]int) bool { return true })
			}
		})
	}
}
