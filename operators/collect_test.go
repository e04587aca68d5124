package operators_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

func TestToSlice(t *testing.T) {
	checkAllocating(t, operators.ToSlice[int])
	requireResult(t, operators.ToSlice(source.Of(1, 2)), nil, []int{1, 2})
	requireResult(t, operators.ToSlice(source.Empty[int]()), nil, []int{})
	requireResult(t, operators.ToSlice(failing(1)), errSource)
}

func parity(v int) (string, int) {
	if v%2 == 0 {
		return "even", v
	}
	return "odd", v
}

func TestToMap(t *testing.T) {
	op := func(src numbers) observable.Observable[map[string]int] { return operators.ToMap(src, parity) }
	checkSynchronous(t, op)
	requireResult(t, op(source.Of(1, 2, 3)), nil, map[string]int{"odd": 3, "even": 2})
	requireResult(t, op(source.Empty[int]()), nil, map[string]int{})
	requireResult(t, op(failing(1)), errSource)
}

// A receiver may change its collection.
func TestCollectionsAreTheReceiversOwn(t *testing.T) {
	slices := operators.ToSlice(source.Of(1, 2))
	slice, err := slices.First(t.Context())
	require.NoError(t, err)
	slice[0] = 9
	requireResult(t, slices, nil, []int{1, 2})

	maps := operators.ToMap(source.Of(1), parity)
	m, err := maps.First(t.Context())
	require.NoError(t, err)
	m["odd"] = 9
	requireResult(t, maps, nil, map[string]int{"odd": 1})
}

func TestMistakesInCollect(t *testing.T) {
	requirePanic(t, "operators.ToSlice: nil source", func() { operators.ToSlice[int](nil) })
	requirePanic(t, "operators.ToMap: nil source or function", func() { operators.ToMap[int, int, int](source.Of(1), nil) })
}
