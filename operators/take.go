package operators

import (
	"context"

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
