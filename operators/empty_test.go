package operators_test

import (
	"testing"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/retry"
	"github.com/rivulet-go/rivulet/source"
)

func TestDefaultIfEmpty(t *testing.T) {
	checkSynchronous(t, func(src numbers) numbers { return operators.DefaultIfEmpty(src, 8) })
	requireResult(t, operators.DefaultIfEmpty(source.Empty[int](), 8), nil, 8)
	requireResult(t, operators.DefaultIfEmpty(source.Of(1, 2), 8), nil, 1, 2)
	requireResult(t, operators.DefaultIfEmpty(failing(), 8), errSource)
}

func TestSwitchIfEmpty(t *testing.T) {
	checkSynchronous(t, func(src numbers) numbers { return operators.SwitchIfEmpty(src, source.Of(8, 9)) })
	requireResult(t, operators.SwitchIfEmpty(source.Empty[int](), source.Of(8, 9)), nil, 8, 9)
	requireResult(t, operators.SwitchIfEmpty(source.Empty[int](), failing(8)), errSource, 8)
	requireResult(t, operators.SwitchIfEmpty(source.Of(1, 2), source.Of(8, 9)), nil, 1, 2)
	requireResult(t, operators.SwitchIfEmpty(failing(), source.Of(8, 9)), errSource)
	requireResult(t, operators.Take(operators.SwitchIfEmpty(source.Of(1, 2), source.Of(8)), 1), nil, 1)
}

func TestThrowIfEmpty(t *testing.T) {
	checkSynchronous(t, func(src numbers) numbers { return operators.ThrowIfEmpty(src, observable.ErrEmpty) })
	requireResult(t, operators.ThrowIfEmpty(source.Empty[int](), errOther), errOther)
	requireResult(t, operators.ThrowIfEmpty(source.Of(1, 2), errOther), nil, 1, 2)
	requireResult(t, operators.ThrowIfEmpty(failing(), errOther), errSource)
	requireResult(t, operators.Take(operators.ThrowIfEmpty(source.Of(1, 2), errOther), 1), nil, 1)
}

// A source that was empty may emit items when it is run again.
func TestThrowIfEmptyOfARetriedSource(t *testing.T) {
	items := []int{}
	src := source.Defer(func() numbers {
		now := source.FromSlice(items)
		items = append(items, 1)
		return now
	})
	retried := operators.Retry(operators.ThrowIfEmpty(src, errOther), retry.Policy{InitialDelay: 1})
	requireResult(t, retried, nil, 1)
}

func TestMistakesInEmpty(t *testing.T) {
	src := source.Of(1)
	requirePanic(t, "operators.DefaultIfEmpty: nil source", func() { operators.DefaultIfEmpty(nil, 1) })
	requirePanic(t, "operators.SwitchIfEmpty: nil src or fallback", func() { operators.SwitchIfEmpty(src, nil) })
	requirePanic(t, "operators.ThrowIfEmpty: nil source or error", func() { operators.ThrowIfEmpty(src, nil) })
}
