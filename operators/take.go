package operators

import (
	"context"

	"github.com/rivulet-go/rivulet/internal/engine"
	"github.com/rivulet-go/rivulet/internal/must"
	"github.com/rivulet-go/rivulet/observable"
)

// Take emits the first n items and completes with the n-th; it needs no further one. Take of 0 completes without
// running the source.
func Take[T any](src observable.Observable[T], n int) observable.Observable[T] {
	must.NotNil("operators.Take", src)
	must.NotNegative("operators.Take", "n", n)
	return func(ctx context.Context, emit func(T) bool) error {
		if n == 0 {
			return context.Cause(ctx)
		}
		left := n
		return src(ctx, func(v T) bool {
			left--
			return emit(v) && left > 0
		})
	}
}

// TakeLast emits the last n items when the source is complete, in their order, and holds n items until then. A
// source that fails has none.
//
// TakeLast of 0 runs the source to its end as well, and so fails with it (as in RxJava; RxJS completes at once).
func TakeLast[T any](src observable.Observable[T], n int) observable.Observable[T] {
	must.NotNil("operators.TakeLast", src)
	must.NotNegative("operators.TakeLast", "n", n)
	return func(ctx context.Context, emit func(T) bool) error {
		latest := ring[T]{limit: n}
		err := src(ctx, func(v T) bool {
			latest.push(v)
			return true
		})
		if err == nil {
			_, err = engine.SendAll(ctx, emit, latest.inOrder())
		}
		return err
	}
}

// TakeWhile emits the items before the first for which keep is false, and completes with that one.
func TakeWhile[T any](src observable.Observable[T], keep func(T) bool) observable.Observable[T] {
	must.NotNil("operators.TakeWhile", src, keep)
	return func(ctx context.Context, emit func(T) bool) error {
		return src(ctx, func(v T) bool { return keep(v) && emit(v) })
	}
}

// TakeThrough is [TakeWhile] with the deciding item: it emits the items up to the first for which more is false,
// that one too, and completes with it.
func TakeThrough[T any](src observable.Observable[T], more func(T) bool) observable.Observable[T] {
	must.NotNil("operators.TakeThrough", src, more)
	return func(ctx context.Context, emit func(T) bool) error {
		return src(ctx, func(v T) bool {
			goOn := more(v)
			return emit(v) && goOn
		})
	}
}
