package operators

import (
	"context"

	"github.com/rivulet-go/rivulet/internal/must"
	"github.com/rivulet-go/rivulet/observable"
)

// Pairwise emits every item from the second on, together with the one before it: the previous one, then the new one.
//
//	src:      --a--b----c----|
//	Pairwise: -----[ab]--[bc]--|
func Pairwise[T any](src observable.Observable[T]) observable.Observable[[2]T] {
	must.NotNil("operators.Pairwise", src)
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
