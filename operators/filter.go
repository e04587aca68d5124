package operators

import (
	"context"

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
