package operators_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

func TestSkip(t *testing.T) {
	for n, want := range [][]int{{1, 2, 3}, {2, 3}, {3}, nil, nil} {
		requireResult(t, operators.Skip(source.Of(1, 2, 3), n), nil, want...)
	}
	requireResult(t, operators.Skip(failing(1, 2, 3), 2), errSource, 3)
	requireResult(t, operators.Skip(failing(1, 2, 3), 4), errSource)
}

func TestSkipLast(t *testing.T) {
	for n, want := range [][]int{{1, 2, 3}, {1, 2}, {1}, nil, nil} {
		requireResult(t, operators.SkipLast(source.Of(1, 2, 3), n), nil, want...)
	}
	requireResult(t, operators.SkipLast(source.Range(0, 10), 3), nil, 0, 1, 2, 3, 4, 5, 6)
	requireResult(t, operators.SkipLast(failing(1, 2, 3), 2), errSource, 1)
}

func TestSkipWhile(t *testing.T) {
	asked := 0
	small := func(v int) bool {
		asked++
		return v < 3
	}
	requireResult(t, operators.SkipWhile(source.Of(1, 2, 3, 1), small), nil, 3, 1)
	require.Equal(t, 3, asked, "it must not ask after the first that it keeps")
	requireResult(t, operators.SkipWhile(source.Of(1, 2), small), nil)
	requireResult(t, operators.SkipWhile(failing(1, 2), small), errSource)
}

func TestSkipKeepsTheContract(t *testing.T) {
	for name, op := range map[string]func(numbers) numbers{
		"Skip":      func(src numbers) numbers { return operators.Skip(src, 2) },
		"SkipLast":  func(src numbers) numbers { return operators.SkipLast(src, 2) },
		"SkipWhile": func(src numbers) numbers { return operators.SkipWhile(src, func(v int) bool { return v == 3 }) },
	} {
		t.Run(name, func(t *testing.T) { checkSynchronous(t, op) })
	}
}

func TestSkipMisused(t *testing.T) {
	requirePanic(t, "operators.Skip: nil", func() { operators.Skip[int](nil, 1) })
	requirePanic(t, "operators.Skip: n is -1,", func() { operators.Skip(source.Of(1), -1) })
	requirePanic(t, "operators.SkipLast: nil", func() { operators.SkipLast[int](nil, 1) })
	requirePanic(t, "operators.SkipLast: n is -1,", func() { operators.SkipLast(source.Of(1), -1) })
	requirePanic(t, "operators.SkipWhile: nil", func() { operators.SkipWhile(source.Of(1), nil) })
}
