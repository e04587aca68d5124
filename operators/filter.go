package operators

import (
	"context"

	"github.com/rivulet-go/rivulet/internal/engine"
	"github.com/rivulet-go/rivulet/internal/must"
	"github.com/rivulet-go/rivulet/observable"
)

// Filter emits the items for which keep is true.
func Filter[T any](src observable.Observable[T], keep func(T) bool) observable.Observable[T] {
	must.NotNil("operators.Filter", src, keep)
	return func(ctx context.Context, emit func(T) bool) error {
		return src(ctx, func(v T) bool { return !keep(v) || emit(v) })
	}
}

// TryFilter emits the items for which keep is true, and fails with the first error that keep returns.
func TryFilter[T any](
	src observable.Observable[T], keep func(context.Context, T) (bool, error),
) observable.Observable[T] {
	must.NotNil("operators.TryFilter", src, keep)
	return func(ctx context.Context, emit func(T) bool) error {
		return engine.Try(ctx, src, func(v T) (bool, error) {
			kept, err := keep(ctx, v)
			return err == nil && (!kept || emit(v)), err
		})
	}
}
