package operators

import (
	"context"

	"github.com/rivulet-go/rivulet/observable"
)

// Indexed is an item with its index in the stream. The first item has index 0.
type Indexed[T any] struct {
	Index int
	Value T
}

// Enumerate emits each item with its index. Every run counts from 0.
func Enumerate[T any](src observable.Observable[T]) observable.Observable[Indexed[T]] {
	if src == nil {
		panic("operators.Enumerate: nil source")
	}
	return func(ctx context.Context, emit func(Indexed[T]) bool) error {
		next := 0
		return src(ctx, func(v T) bool {
			item := Indexed[T]{Index: next, Value: v}
			next++
			return emit(item)
		})
	}
}
