package operators_test

import (
	"context"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

func TestRepeat(t *testing.T) {
	checkSynchronous(t, func(src numbers) numbers { return operators.Repeat(src, 3) })
	requireResult(t, operators.Repeat(source.Of(1, 2), 3), nil, 1, 2, 1, 2, 1, 2)
	requireResult(t, operators.Repeat(source.Of(1, 2), 1), nil, 1, 2)
	requireResult(t, operators.Repeat(source.Empty[int](), 3), nil)
	requireResult(t, operators.Repeat(failing(1), 3), errSource, 1)
	requireResult(t, operators.Take(operators.Repeat(source.Of(1, 2), 9), 3), nil, 1, 2, 1)
}

func TestRepeatOf0DoesNotRunItsSource(t *testing.T) {
	checkOperator(t, func(src numbers) numbers { return operators.Repeat(src, 0) })
	requireResult(t, operators.Repeat(source.Defer(func() numbers { panic("it was run") }), 0), nil)
}

func TestRepeatIndefinitely(t *testing.T) {
	forEver := operators.Repeat(source.Of(1, 2), math.MaxInt)
	requireResult(t, operators.Take(forEver, 5), nil, 1, 2, 1, 2, 1)

	// Repeat is canceled although its source emits nothing and does not look at the context.
	ctx, cancel := context.WithCancelCause(t.Context())
	runs := 0
	empty := func(context.Context, func(int) bool) error {
		if runs++; runs == 1000 {
			cancel(errOther)
		}
		return nil
	}
	_, err := operators.Repeat[int](empty, math.MaxInt).Collect(ctx)
	require.Equal(t, errOther, err)
	require.Equal(t, 1000, runs)
}

func TestRepeatRunsOneAtATime(t *testing.T) {
	open := 0
	src := source.Defer(func() numbers {
		open++
		require.Equal(t, 1, open)
		return operators.Finally(source.Of(1), func(error) { open-- })
	})
	requireResult(t, operators.Repeat(src, 3), nil, 1, 1, 1)
}

func TestMistakesInRepeat(t *testing.T) {
	requirePanic(t, "operators.Repeat: nil source", func() { operators.Repeat[int](nil, 1) })
	requirePanic(t, "operators.Repeat: n is -1, it must not be negative", func() { operators.Repeat(source.Of(1), -1) })
}
