package operators

import (
	"context"

	"github.com/rivulet-go/rivulet/internal/engine"
	"github.com/rivulet-go/rivulet/observable"
)

// SequenceEqual emits whether a and b have the same items in the same order: false at the first difference, and true when
// both have completed without one. Then it cancels both and completes. It fails with the first failure.
//
// SequenceEqual starts one goroutine per source and buffers up to 128 items per source, like [Zip2].
func SequenceEqual[T comparable](a, b observable.Observable[T]) observable.Observable[bool] {
	if a == nil || b == nil {
		panic("operators.SequenceEqual: nil a or b")
	}
	pairs := Zip2(withEnd(a), withEnd(b), func(x, y itemOrEnd[T]) [2]itemOrEnd[T] { return [2]itemOrEnd[T]{x, y} })
	return func(ctx context.Context, emit func(bool) bool) error {
		return pairs(ctx, func(pair [2]itemOrEnd[T]) bool {
			same := pair[0] == pair[1]
			if same && !pair[0].isEnd {
				return true
			}
			emit(same)
			return false
		})
	}
}

type itemOrEnd[T any] struct {
	item  T
	isEnd bool
}

// withEnd returns src with its completion as the last item.
func withEnd[T any](src observable.Observable[T]) observable.Observable[itemOrEnd[T]] {
	return engine.Marked(src,
		func(v T) itemOrEnd[T] { return itemOrEnd[T]{item: v} },
		func() itemOrEnd[T] { return itemOrEnd[T]{isEnd: true} })
}
