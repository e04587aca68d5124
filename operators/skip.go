package operators

import (
	"context"

	"github.com/rivulet-go/rivulet/internal/must"
	"github.com/rivulet-go/rivulet/observable"
)

// Skip emits the items after the first n.
func Skip[T any](src observable.Observable[T], n int) observable.Observable[T] {
	must.NotNil("operators.Skip", src)
	must.NotNegative("operators.Skip", "n", n)
	return func(ctx context.Context, emit func(T) bool) error {
		left := n
		return src(ctx, func(v T) bool {
			if left > 0 {
				left--
				return true
			}
			return emit(v)
		})
	}
}

// SkipLast emits all items but the last n. It holds n items, each until n more have come.
//
//	src:         --a--b--c--d--|
//	SkipLast(2): --------a--b--|
func SkipLast[T any](src observable.Observable[T], n int) observable.Observable[T] {
	must.NotNil("operators.SkipLast", src)
	must.NotNegative("operators.SkipLast", "n", n)
	return func(ctx context.Context, emit func(T) bool) error {
		latest := ring[T]{limit: n}
		return src(ctx, func(v T) bool {
			displaced, ok := latest.push(v)
			return !ok || emit(displaced)
		})
	}
}

// SkipWhile emits the items from the first on for which skip is false, and does not ask skip after that one.
func SkipWhile[T any](src observable.Observable[T], skip func(T) bool) observable.Observable[T] {
	must.NotNil("operators.SkipWhile", src, skip)
	return func(ctx context.Context, emit func(T) bool) error {
		skipping := true
		return src(ctx, func(v T) bool {
			skipping = skipping && skip(v)
			return skipping || emit(v)
		})
	}
}
