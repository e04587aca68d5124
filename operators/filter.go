package operators

import (
	"context"

	"github.com/rivulet-go/rivulet/internal/engine"
	"github.com/rivulet-go/rivulet/observable"
)

// Filter emits each item v if keep(v) returns true.
func Filter[T any](src observable.Observable[T], keep func(T) bool) observable.Observable[T] {
	if src == nil || keep == nil {
		panic("operators.Filter: nil source or function")
	}
	return func(ctx context.Context, emit func(T) bool) error {
		return src(ctx, func(v T) bool { return !keep(v) || emit(v) })
	}
}

// TryFilter emits each item v if keep(ctx, v) returns true. If keep returns an error, TryFilter stops src and fails
// with that error.
func TryFilter[T any](
	src observable.Observable[T], keep func(context.Context, T) (bool, error),
) observable.Observable[T] {
	if src == nil || keep == nil {
		panic("operators.TryFilter: nil source or function")
	}
	return func(ctx context.Context, emit func(T) bool) error {
		return engine.Try(ctx, src, func(v T) (bool, error) {
			kept, err := keep(ctx, v)
			return err == nil && (!kept || emit(v)), err
		})
	}
}
