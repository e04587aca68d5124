package operators

import (
	"context"

	"github.com/rivulet-go/rivulet/internal/must"
	"github.com/rivulet-go/rivulet/observable"
)

// DefaultIfEmpty emits v when its source completes without an item.
func DefaultIfEmpty[T any](src observable.Observable[T], v T) observable.Observable[T] {
	must.NotNil("operators.DefaultIfEmpty", src)
	return ifEmpty(src, func(_ context.Context, emit func(T) bool) error {
		emit(v)
		return nil
	})
}

// SwitchIfEmpty goes on with fallback when its source completes without an item.
func SwitchIfEmpty[T any](src, fallback observable.Observable[T]) observable.Observable[T] {
	must.NotNil("operators.SwitchIfEmpty", src, fallback)
	return ifEmpty(src, fallback)
}

// ThrowIfEmpty fails with err, such as [observable.ErrEmpty], when its source completes without an item.
func ThrowIfEmpty[T any](src observable.Observable[T], err error) observable.Observable[T] {
	must.NotNil("operators.ThrowIfEmpty", src, err)
	return ifEmpty(src, func(context.Context, func(T) bool) error { return err })
}

// ifEmpty runs src and, when that completes without an item, otherwise.
func ifEmpty[T any](src, otherwise observable.Observable[T]) observable.Observable[T] {
	return func(ctx context.Context, emit func(T) bool) error {
		empty := true
		err := src(ctx, func(v T) bool {
			empty = false
			return emit(v)
		})
		if err != nil || !empty {
			return err
		}
		return otherwise(ctx, emit)
	}
}
