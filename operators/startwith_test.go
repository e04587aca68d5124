package operators_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

func TestStartWith(t *testing.T) {
	checkSynchronous(t, func(src numbers) numbers { return operators.StartWith(src, 8, 9) })
	requireResult(t, operators.StartWith(source.Of(1, 2), 8, 9), nil, 8, 9, 1, 2)
	requireResult(t, operators.StartWith(source.Of(1, 2)), nil, 1, 2)
	requireResult(t, operators.StartWith(source.Empty[int](), 8), nil, 8)
	requireResult(t, operators.StartWith(failing(1), 8), errSource, 8, 1)
}

func TestStartWithRunsItsSourceAfterTheValues(t *testing.T) {
	src := source.Defer(func() numbers { panic("it was run") })
	requireResult(t, operators.Take(operators.StartWith(src, 8, 9), 2), nil, 8, 9)

	ctx, cancel := context.WithCancelCause(t.Context())
	err := operators.StartWith(src, 8, 9).ForEach(ctx, func(v int) {
		require.Equal(t, 8, v)
		cancel(errSource)
	})
	require.Equal(t, errSource, err)
}

func TestEndWith(t *testing.T) {
	checkSynchronous(t, func(src numbers) numbers { return operators.EndWith(src, 8, 9) })
	requireResult(t, operators.EndWith(source.Of(1, 2), 8, 9), nil, 1, 2, 8, 9)
	requireResult(t, operators.EndWith(source.Of(1, 2)), nil, 1, 2)
	requireResult(t, operators.EndWith(source.Empty[int](), 8), nil, 8)
	requireResult(t, operators.EndWith(failing(1), 8), errSource, 1)
	requireResult(t, operators.Take(operators.EndWith(source.Of(1, 2), 8), 2), nil, 1, 2)
	requireResult(t, operators.Take(operators.EndWith(source.Of(1), 8, 9), 2), nil, 1, 8)
}

func TestMistakesInStartWith(t *testing.T) {
	var none observable.Observable[int]
	requirePanic(t, "operators.StartWith: nil source", func() { operators.StartWith(none, 1) })
	requirePanic(t, "operators.EndWith: nil source", func() { operators.EndWith(none, 1) })
}
