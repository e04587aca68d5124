package operators

import (
	"context"

	"github.com/rivulet-go/rivulet/observable"
)

// Partition returns two streams. Items v of src are in yes if f(v) returns true, and in no otherwise. Both streams are
// cold: each run of either runs src. To share one run between them, pass a [Share] of src.
func Partition[T any](src observable.Observable[T], f func(T) bool) (yes, no observable.Observable[T]) {
	if src == nil || f == nil {
		panic("operators.Partition: nil source or function")
	}
	yes = func(ctx context.Context, emit func(T) bool) error {
		return src(ctx, func(v T) bool { return !f(v) || emit(v) })
	}
	no = func(ctx context.Context, emit func(T) bool) error {
		return src(ctx, func(v T) bool { return f(v) || emit(v) })
	}
	return yes, no
}
