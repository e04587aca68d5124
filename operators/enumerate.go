package operators

import (
	"context"

	"github.com/rivulet-go/rivulet/internal/must"
	"github.com/rivulet-go/rivulet/observable"
)

// Indexed is an item with its place in the stream, which begins with 0.
type Indexed[T any] struct {
	Index int
	Value T
}

// Enumerate emits every item with its index: 0, 1, 2 and so on, in each run anew.
func Enumerate[T any](src observable.Observable[T]) observable.Observable[Indexed[T]] {
	must.NotNil("operators.Enumerate", src)
	return func(ctx context.Context, emit func(Indexed[T]) bool) error {
		next := 0
		return src(ctx, func(v T) bool {
			item := Indexed[T]{Index: next, Value: v}
			next++
			return emit(item)
		})
	}
}
