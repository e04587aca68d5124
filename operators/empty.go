package operators

import (
	"context"

	"github.com/rivulet-go/rivulet/observable"
)

// DefaultIfEmpty emits the items of src, or v if src completes without an item.
func DefaultIfEmpty[T any](src observable.Observable[T], v T) observable.Observable[T] {
	if src == nil {
		panic("operators.DefaultIfEmpty: nil source")
	}
	return ifEmpty(src, func(_ context.Context, emit func(T) bool) error {
		emit(v)
		return nil
	})
}

// SwitchIfEmpty emits the items of src. If src completes without an item, SwitchIfEmpty runs fallback and emits its
// items.
func SwitchIfEmpty[T any](src, fallback observable.Observable[T]) observable.Observable[T] {
	if src == nil || fallback == nil {
		panic("operators.SwitchIfEmpty: nil src or fallback")
	}
	return ifEmpty(src, fallback)
}

// ThrowIfEmpty emits the items of src. If src completes without an item, ThrowIfEmpty fails with err, such as
// [observable.ErrEmpty].
func ThrowIfEmpty[T any](src observable.Observable[T], err error) observable.Observable[T] {
	if src == nil || err == nil {
		panic("operators.ThrowIfEmpty: nil source or error")
	}
	return ifEmpty(src, func(context.Context, func(T) bool) error { return err })
}

// ifEmpty runs src and then, if src completed without an item, otherwise.
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
