package operators_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

func TestFlatten(t *testing.T) {
	type line []int
	requireResult(t, operators.Flatten(source.Of(line{1, 2}, nil, line{}, line{3})), nil, 1, 2, 3)
	requireResult(t, operators.Flatten(operators.History(failing(1, 2), 2)), errSource, 1, 2, 1)
}

func TestFlattenStopsWithinASlice(t *testing.T) {
	pages := operators.Concat(source.Of([]int{1, 2}, []int{3, 4, 5}), source.Never[[]int]())
	requireResult(t, operators.Take(operators.Flatten(pages), 3), nil, 1, 2, 3)
}

func TestFlattenCanceledWithinASlice(t *testing.T) {
	cause := errors.New("enough")
	ctx, cancel := context.WithCancelCause(t.Context())
	var got []int
	err := operators.Flatten(source.Of([]int{1, 2, 3}, []int{4})).ForEach(ctx, func(v int) {
		if got = append(got, v); v == 2 {
			cancel(cause)
		}
	})
	require.Equal(t, cause, err)
	require.Equal(t, []int{1, 2}, got)
}

func TestFlattenKeepsTheContract(t *testing.T) {
	slice := []int{1, 2, 3}
	checkSynchronous(t, func(src numbers) numbers {
		return operators.Flatten(operators.Map(src, func(v int) []int { return slice[:v%4] }))
	})
}

func TestFlattenMisused(t *testing.T) {
	requirePanic(t, "operators.Flatten: nil", func() { operators.Flatten[[]int](nil) })
}
