package operators

import (
	"context"

	"github.com/rivulet-go/rivulet/observable"
)

// Pairwise emits each item together with the item before it: the previous one first, then the new one. For the first
// item it emits nothing.
//
//	src:      --a--b----c----|
//	Pairwise: -----[ab]--[bc]--|
func Pairwise[T any](src observable.Observable[T]) observable.Observable[[2]T] {
	if src == nil {
		panic("operators.Pairwise: nil source")
	}
	return func(ctx context.Context, emit func([2]T) bool) error {
		var previous T
		begun := false
		return src(ctx, func(v T) bool {
			pair := [2]T{previous, v}
			previous = v
			if !begun {
				begun = true
				return true
			}
			return emit(pair)
		})
	}
}
