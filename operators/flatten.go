package operators

import (
	"context"

	"github.com/rivulet-go/rivulet/internal/engine"
	"github.com/rivulet-go/rivulet/internal/must"
	"github.com/rivulet-go/rivulet/observable"
)

// Flatten emits the elements of every slice, one after the other.
func Flatten[S ~[]T, T any](src observable.Observable[S]) observable.Observable[T] {
	must.NotNil("operators.Flatten", src)
	return func(ctx context.Context, emit func(T) bool) error {
		return engine.Try(ctx, src, func(values S) (bool, error) { return engine.SendAll(ctx, emit, values) })
	}
}
