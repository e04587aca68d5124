package operators

import (
	"context"

	"github.com/rivulet-go/rivulet/internal/must"
	"github.com/rivulet-go/rivulet/observable"
)

// Skip discards the first n items and emits the rest.
func Skip[T any](src observable.Observable[T], n int) observable.Observable[T] {
	if src == nil {
		panic("operators.Skip: nil source")
	}
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

// SkipLast emits all items except the last n. It buffers n items and emits an item when n more have arrived.
//
//	src:         --a--b--c--d--|
//	SkipLast(2): --------a--b--|
func SkipLast[T any](src observable.Observable[T], n int) observable.Observable[T] {
	if src == nil {
		panic("operators.SkipLast: nil source")
	}
	must.NotNegative("operators.SkipLast", "n", n)
	return func(ctx context.Context, emit func(T) bool) error {
		latest := ring[T]{limit: n}
		return src(ctx, func(v T) bool {
			displaced, ok := latest.push(v)
			return !ok || emit(displaced)
		})
	}
}

// SkipWhile skips items while skip returns true, then emits all remaining items. It does not call skip again.
func SkipWhile[T any](src observable.Observable[T], skip func(T) bool) observable.Observable[T] {
	if src == nil || skip == nil {
		panic("operators.SkipWhile: nil source or function")
	}
	return func(ctx context.Context, emit func(T) bool) error {
		skipping := true
		return src(ctx, func(v T) bool {
			skipping = skipping && skip(v)
			return skipping || emit(v)
		})
	}
}
