package operators_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

func TestFilter(t *testing.T) {
	asked := 0
	keep := func(v int) bool {
		asked++
		return even(v)
	}
	requireResult(t, operators.Filter(source.Of(1, 2, 3, 4), keep), nil, 2, 4)
	require.Equal(t, 4, asked, "once for each item")
	requireResult(t, operators.Filter(source.Of(1, 3), keep), nil)
	requireResult(t, operators.Filter(failing(1, 2, 3), keep), errSource, 2)
}

func TestTryFilterStopsAtTheFirstError(t *testing.T) {
	refused := errors.New("refused")
	asked := 0
	keep := func(_ context.Context, v int) (bool, error) {
		asked++
		if v == 3 {
			return true, refused
		}
		return even(v), nil
	}
	requireResult(t, operators.TryFilter(source.Of(1, 2, 3, 4), keep), refused, 2)
	require.Equal(t, 3, asked)
	requireResult(t, operators.TryFilter(failing(1, 2), keep), errSource, 2)
}

func TestFilterKeepsTheContract(t *testing.T) {
	tryEven := func(_ context.Context, v int) (bool, error) { return even(v), nil }
	for name, op := range map[string]func(numbers) numbers{
		"Filter":    func(src numbers) numbers { return operators.Filter(src, even) },
		"TryFilter": func(src numbers) numbers { return operators.TryFilter(src, tryEven) },
	} {
		t.Run(name, func(t *testing.T) { checkSynchronous(t, op) })
	}
}

func TestFilterMisused(t *testing.T) {
	requirePanic(t, "operators.Filter: nil", func() { operators.Filter(source.Of(1), nil) })
	requirePanic(t, "operators.TryFilter: nil", func() { operators.TryFilter(source.Of(1), nil) })
}
