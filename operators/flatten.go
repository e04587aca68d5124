package operators

import (
	"context"

	"github.com/rivulet-go/rivulet/internal/engine"
	"github.com/rivulet-go/rivulet/observable"
)

// Flatten emits the elements of each slice, in order.
func Flatten[S ~[]T, T any](src observable.Observable[S]) observable.Observable[T] {
	if src == nil {
		panic("operators.Flatten: nil source")
	}
	return func(ctx context.Context, emit func(T) bool) error {
		return engine.Try(ctx, src, func(values S) (bool, error) { return engine.SendAll(ctx, emit, values) })
	}
}
