package operators

import (
	"context"

	"github.com/rivulet-go/rivulet/internal/must"
	"github.com/rivulet-go/rivulet/observable"
)

// Flatten emits the elements of every slice, one after the other.
func Flatten[S ~[]T, T any](src observable.Observable[S]) observable.Observable[T] {
	must.NotNil("operators.Flatten", src)
	return func(ctx context.Context, emit func(T) bool) error {
		return try(ctx, src, func(values S) (bool, error) { return sendAll(ctx, emit, values) })
	}
}
