package operators

import (
	"context"

	"github.com/rivulet-go/rivulet/observable"
)

// Concat emits the items of the first source, then those of the next, and so on. Each source is run when the one
// before it is complete; the first that fails ends it.
func Concat[T any](sources ...observable.Observable[T]) observable.Observable[T] {
	sources = several("operators.Concat", sources)
	return func(ctx context.Context, emit func(T) bool) error {
		out := relay[T]{emit: emit}
		for _, src := range sources {
			if err := src(ctx, out.send); err != nil || out.stopped {
				return err
			}
		}
		return context.Cause(ctx)
	}
}
