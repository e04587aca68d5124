package operators_test

import (
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

func TestDistinct(t *testing.T) {
	requireResult(t, operators.Distinct(source.Of(1, 2, 1, 3, 2, 2)), nil, 1, 2, 3)
	requireResult(t, operators.Distinct(source.Of(0, 0)), nil, 0)
	requireResult(t, operators.Distinct(failing(1, 1)), errSource, 1)
}

func TestDistinctBy(t *testing.T) {
	words := source.Of("gb", "GB", "fr", "Gb")
	requireResult(t, operators.DistinctBy(words, strings.ToLower), nil, "gb", "fr")
}

func TestDistinctUntilChanged(t *testing.T) {
	requireResult(t, operators.DistinctUntilChanged(source.Of(1, 1, 2, 2, 1, 1)), nil, 1, 2, 1)
	requireResult(t, operators.DistinctUntilChanged(source.Of(0, 0)), nil, 0)
	requireResult(t, operators.DistinctUntilChanged(failing(1, 1)), errSource, 1)
}

func TestDistinctUntilChangedBy(t *testing.T) {
	asked := 0
	lower := func(word string) string {
		asked++
		return strings.ToLower(word)
	}
	words := source.Of("gb", "GB", "fr", "Gb")
	requireResult(t, operators.DistinctUntilChangedBy(words, lower), nil, "gb", "fr", "Gb")
	require.Equal(t, 4, asked, "once for each item")
}

// In Go, a NaN equals nothing.
func TestDistinctOfNaN(t *testing.T) {
	twice := source.Of(math.NaN(), math.NaN())
	for _, stream := range []observable.Observable[float64]{
		operators.Distinct(twice), operators.DistinctUntilChanged(twice),
	} {
		got, err := stream.Collect(t.Context())
		require.NoError(t, err)
		require.Len(t, got, 2)
	}
}

func TestDistinctKeepsTheContract(t *testing.T) {
	for name, op := range map[string]func(numbers) numbers{
		"Distinct":             operators.Distinct[int],
		"DistinctUntilChanged": operators.DistinctUntilChanged[int],
		"by":                   func(src numbers) numbers { return operators.DistinctBy(src, even) },
		"until changed by":     func(src numbers) numbers { return operators.DistinctUntilChangedBy(src, even) },
	} {
		t.Run(name, func(t *testing.T) { checkSynchronous(t, op) })
	}
}

func TestDistinctMisused(t *testing.T) {
	requirePanic(t, "operators.Distinct: nil", func() { operators.Distinct[int](nil) })
	requirePanic(t, "operators.DistinctBy: nil", func() { operators.DistinctBy[int, int](source.Of(1), nil) })
	requirePanic(t, "operators.DistinctUntilChanged: nil", func() { operators.DistinctUntilChanged[int](nil) })
	requirePanic(t, "operators.DistinctUntilChangedBy: nil", func() {
		operators.DistinctUntilChangedBy[int, int](source.Of(1), nil)
	})
}
