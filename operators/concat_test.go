package operators_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

func TestConcat(t *testing.T) {
	checkSynchronous(t, func(src numbers) numbers { return operators.Concat(src, source.Of(8), src) })
	requireResult(t, operators.Concat[int](), nil)
	requireResult(t, operators.Concat(source.Of(1), source.Empty[int](), source.Of(2, 3)), nil, 1, 2, 3)
	requireResult(t, operators.Concat(failing(1), source.Of(2)), errSource, 1)
}

// A source runs after the source before it has ended.
func TestConcatRunsOneSourceAtATime(t *testing.T) {
	open := 0
	src := source.Defer(func() numbers {
		open++
		require.Equal(t, 1, open)
		return operators.Finally(source.Of(1), func(error) { open-- })
	})
	requireResult(t, operators.Concat(src, src, src), nil, 1, 1, 1)
	require.Zero(t, open)
}

func TestConcatOfNilPanics(t *testing.T) {
	requirePanic(t, "operators.Concat: nil source", func() { operators.Concat(source.Of(1), nil) })
}
