package operators_test

import (
	"cmp"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

// folds are the operators that emit at most one number, at the end.
var folds = map[string]func(numbers) numbers{
	"Count": operators.Count[int],
	"Sum":   operators.Sum[int],
	"Average": func(src numbers) numbers {
		return operators.Map(operators.Average(src), func(v float64) int { return int(v) })
	},
	"Min":   operators.Min[int],
	"Max":   operators.Max[int],
	"MinBy": func(src numbers) numbers { return operators.MinBy(src, identity[int]) },
	"MaxBy": func(src numbers) numbers { return operators.MaxBy(src, identity[int]) },
}

func TestMath(t *testing.T) {
	for name, want := range map[string]struct {
		none      []int // of no items
		one, many int   // of 7, and of 4, -1, 6, 3, 3
	}{
		"Count":   {[]int{0}, 1, 5},
		"Sum":     {[]int{0}, 7, 15},
		"Average": {nil, 7, 3},
		"Min":     {nil, 7, -1},
		"Max":     {nil, 7, 6},
		"MinBy":   {nil, 7, -1},
		"MaxBy":   {nil, 7, 6},
	} {
		t.Run(name, func(t *testing.T) {
			op := folds[name]
			checkSynchronous(t, op)
			requireResult(t, op(source.Empty[int]()), nil, want.none...)
			requireResult(t, op(source.Of(7)), nil, want.one)
			requireResult(t, op(source.Of(4, -1, 6, 3, 3)), nil, want.many)
			requireResult(t, op(failing(1, 2)), errSource)
		})
	}
}

func TestSumOverflows(t *testing.T) {
	requireResult(t, operators.Sum(source.Of[int8](100, 100)), nil, -56)
	requireResult(t, operators.Sum(source.Of[uint8](200, 100)), nil, 44)
	requireResult(t, operators.Sum(source.Of(math.MaxFloat64, math.MaxFloat64)), nil, math.Inf(1))
}

func TestAverageDoesNotOverflow(t *testing.T) {
	requireResult(t, operators.Average(source.Of[int8](100, 120)), nil, 110)
	requireResult(t, operators.Average(source.Of(1, 2)), nil, 1.5)
	requireResult(t, operators.Average(source.Of[uint64](math.MaxUint64, math.MaxUint64)), nil, float64(math.MaxUint64))
}

func TestNaN(t *testing.T) {
	nan := math.NaN()
	for name, test := range map[string]struct {
		op   func(observable.Observable[float64]) observable.Observable[float64]
		want float64 // of 1, NaN, 2 in any order
	}{
		"Sum":     {operators.Sum[float64], nan},
		"Average": {operators.Average[float64], nan},
		"Min":     {operators.Min[float64], nan},
		"Max":     {operators.Max[float64], nan},
		"MinBy":   {minBy[float64], nan},
		"MaxBy":   {maxBy[float64], 2},
	} {
		t.Run(name, func(t *testing.T) {
			for _, items := range [][]float64{{nan, 1, 2}, {2, nan, 1}, {1, 2, nan}} {
				got, err := test.op(source.FromSlice(items)).First(t.Context())
				require.NoError(t, err)
				require.Zero(t, cmp.Compare(test.want, got), "%v of %v", got, items)
			}
		})
	}
}

func minBy[T cmp.Ordered](src observable.Observable[T]) observable.Observable[T] {
	return operators.MinBy(src, identity[T])
}

func maxBy[T cmp.Ordered](src observable.Observable[T]) observable.Observable[T] {
	return operators.MaxBy(src, identity[T])
}

func TestMinByAndMaxByTakeTheFirstAndAskForEachKeyOnce(t *testing.T) {
	asked := 0
	length := func(s string) int { asked++; return len(s) }
	words := source.Of("two", "three", "four", "six", "seven")
	requireResult(t, operators.MinBy(words, length), nil, "two")
	require.Equal(t, 5, asked)
	requireResult(t, operators.MaxBy(words, length), nil, "three")
	require.Equal(t, 10, asked)
}

func TestMinAndMaxOfStrings(t *testing.T) {
	requireResult(t, operators.Min(source.Of("gb", "de", "fr")), nil, "de")
	requireResult(t, operators.Max(source.Of("de", "gb", "fr")), nil, "gb")
}

func TestMistakesInMath(t *testing.T) {
	requirePanic(t, "operators.Count: nil source", func() { operators.Count[int](nil) })
	requirePanic(t, "operators.Sum: nil source", func() { operators.Sum[int](nil) })
	requirePanic(t, "operators.Average: nil source", func() { operators.Average[int](nil) })
	requirePanic(t, "operators.Min: nil source", func() { operators.Min[int](nil) })
	requirePanic(t, "operators.Max: nil source", func() { operators.Max[int](nil) })
	requirePanic(t, "operators.MinBy: nil source or function", func() { operators.MinBy[int, int](source.Of(1), nil) })
	requirePanic(t, "operators.MaxBy: nil source or function", func() { operators.MaxBy[int, int](source.Of(1), nil) })
}
