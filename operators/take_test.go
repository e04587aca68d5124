package operators_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

func TestTake(t *testing.T) {
	for n, want := range [][]int{nil, {1}, {1, 2}, {1, 2}} {
		requireResult(t, operators.Take(source.Of(1, 2), n), nil, want...)
	}
	requireResult(t, operators.Take(failing(1, 2), 2), nil, 1, 2)
	requireResult(t, operators.Take(failing(1, 2), 3), errSource, 1, 2)
	requireResult(t, operators.Take(source.Repeat(1), 2), nil, 1, 1)
}

func TestTakeNeedsNoFurtherItem(t *testing.T) {
	requireResult(t, operators.Take(operators.Concat(source.Of(1), source.Never[int]()), 1), nil, 1)
}

func TestTakeOfNoneDoesNotRunItsSource(t *testing.T) {
	src := func(context.Context, func(int) bool) error { panic("it was run") }
	requireResult(t, operators.Take(src, 0), nil)
}

func TestTakeLast(t *testing.T) {
	for n, want := range [][]int{nil, {3}, {2, 3}, {1, 2, 3}, {1, 2, 3}} {
		requireResult(t, operators.TakeLast(source.Of(1, 2, 3), n), nil, want...)
	}
	requireResult(t, operators.TakeLast(source.Range(0, 10), 4), nil, 6, 7, 8, 9)
}

func TestTakeLastOfAFailingSourceEmitsNothing(t *testing.T) {
	requireResult(t, operators.TakeLast(failing(1, 2), 1), errSource)
	requireResult(t, operators.TakeLast(failing(1, 2), 0), errSource)
}

func TestTakeLastCanceledAtItsFirstItem(t *testing.T) {
	cause := errors.New("enough")
	ctx, cancel := context.WithCancelCause(t.Context())
	var got []int
	err := operators.TakeLast(source.Of(1, 2, 3), 2).ForEach(ctx, func(v int) {
		got = append(got, v)
		cancel(cause)
	})
	require.Equal(t, cause, err)
	require.Equal(t, []int{2}, got)
}

func TestTakeWhile(t *testing.T) {
	for limit, want := range [][]int{nil, {0}, {0, 1}, {0, 1, 2}, {0, 1, 2}} {
		below := func(v int) bool { return v < limit }
		requireResult(t, operators.TakeWhile(source.Range(0, 3), below), nil, want...)
	}
	small := func(v int) bool { return v < 3 }
	requireResult(t, operators.TakeWhile(source.Of(1, 3, 1), small), nil, 1)
	requireResult(t, operators.TakeWhile(failing(1, 2), small), errSource, 1, 2)
	requireResult(t, operators.TakeWhile(failing(1, 3), small), nil, 1)
}

func TestTakeThrough(t *testing.T) {
	for limit, want := range [][]int{{0}, {0, 1}, {0, 1, 2}, {0, 1, 2}} {
		below := func(v int) bool { return v < limit }
		requireResult(t, operators.TakeThrough(source.Range(0, 3), below), nil, want...)
	}
	small := func(v int) bool { return v < 3 }
	requireResult(t, operators.TakeThrough(failing(1, 2), small), errSource, 1, 2)
	requireResult(t, operators.TakeThrough(failing(1, 3), small), nil, 1, 3)
	requireResult(t, operators.TakeThrough(operators.Concat(source.Of(5), source.Never[int]()), small), nil, 5)
}

func TestTakeKeepsTheContract(t *testing.T) {
	notNine := func(v int) bool { return v != 9 }
	for name, op := range map[string]func(numbers) numbers{
		"Take":         func(src numbers) numbers { return operators.Take(src, 3) },
		"Take none":    func(src numbers) numbers { return operators.Take(src, 0) },
		"Take many":    func(src numbers) numbers { return operators.Take(src, 1_000_000) },
		"TakeLast":     func(src numbers) numbers { return operators.TakeLast(src, 3) },
		"TakeWhile":    func(src numbers) numbers { return operators.TakeWhile(src, notNine) },
		"TakeThrough":  func(src numbers) numbers { return operators.TakeThrough(src, notNine) },
		"TakeLast all": func(src numbers) numbers { return operators.TakeLast(src, 20) },
	} {
		t.Run(name, func(t *testing.T) { checkSynchronous(t, op) })
	}
}

func TestTakeMisused(t *testing.T) {
	requirePanic(t, "operators.Take: nil", func() { operators.Take[int](nil, 1) })
	requirePanic(t, "operators.Take: n is -1,", func() { operators.Take(source.Of(1), -1) })
	requirePanic(t, "operators.TakeLast: nil", func() { operators.TakeLast[int](nil, 1) })
	requirePanic(t, "operators.TakeLast: n is -1,", func() { operators.TakeLast(source.Of(1), -1) })
	requirePanic(t, "operators.TakeWhile: nil", func() { operators.TakeWhile(source.Of(1), nil) })
	requirePanic(t, "operators.TakeThrough: nil", func() { operators.TakeThrough(source.Of(1), nil) })
}
