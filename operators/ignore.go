package operators

import (
	"context"

	"github.com/rivulet-go/rivulet/observable"
)

// IgnoreElements discards all items. It completes or fails when src does.
func IgnoreElements[T any](src observable.Observable[T]) observable.Observable[T] {
	if src == nil {
		panic("operators.IgnoreElements: nil source")
	}
	return func(ctx context.Context, _ func(T) bool) error {
		return src(ctx, func(T) bool { return true })
	}
}
