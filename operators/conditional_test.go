package operators_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

func TestConditions(t *testing.T) {
	for name, test := range map[string]struct {
		op      func(numbers) observable.Observable[bool]
		empty   bool // the answer to an empty source
		decides int  // the item among 1, 2, 3, 4, 5 that decides
	}{
		"All":            {func(src numbers) observable.Observable[bool] { return operators.All(src, small) }, true, 3},
		"Any":            {func(src numbers) observable.Observable[bool] { return operators.Any(src, small) }, false, 1},
		"Contains":       {func(src numbers) observable.Observable[bool] { return operators.Contains(src, 4) }, false, 4},
		"IsEmpty":        {operators.IsEmpty[int], true, 1},
		"All, all":       {func(src numbers) observable.Observable[bool] { return operators.All(src, odd) }, true, 2},
		"Any, the third": {func(src numbers) observable.Observable[bool] { return operators.Any(src, big) }, false, 3},
	} {
		t.Run(name, func(t *testing.T) {
			checkSynchronous(t, test.op)
			requireResult(t, test.op(source.Empty[int]()), nil, test.empty)
			requireResult(t, test.op(failing()), errSource)

			// The items before the deciding one do not decide.
			requireResult(t, test.op(source.Range(1, test.decides-1)), nil, test.empty)
			before := operators.Concat(source.Range(1, test.decides-1), failing())
			requireResult(t, test.op(before), errSource)

			pulled := 0
			src := operators.Map(source.Range(1, 5), func(v int) int { pulled = v; return v })
			requireResult(t, test.op(src), nil, !test.empty)
			require.Equal(t, test.decides, pulled)

			got, err := test.op(operators.Concat(source.Range(1, test.decides), failing())).Collect(t.Context())
			require.NoError(t, err, "it is decided before the failure")
			require.Equal(t, []bool{!test.empty}, got)

			_, err = test.op(failingToStop).Collect(t.Context())
			require.Equal(t, errSource, err, "what tearing down says is not lost")
		})
	}
}

func TestContainsNoNaN(t *testing.T) {
	requireResult(t, operators.Contains(source.Of(math.NaN()), math.NaN()), nil, false)
}

func TestMistakesInConditions(t *testing.T) {
	requirePanic(t, "operators.All: nil source or function", func() { operators.All(source.Of(1), nil) })
	requirePanic(t, "operators.Any: nil source or function", func() { operators.Any(source.Of(1), nil) })
	requirePanic(t, "operators.Contains: nil source", func() { operators.Contains(nil, 1) })
	requirePanic(t, "operators.IsEmpty: nil source", func() { operators.IsEmpty[int](nil) })
}
