package operators

import (
	"context"

	"github.com/rivulet-go/rivulet/internal/engine"
	"github.com/rivulet-go/rivulet/internal/must"
	"github.com/rivulet-go/rivulet/observable"
)

// Concat emits the items of the first source, then those of the next, and so on. Each source is run when the one
// before it is complete; the first that fails ends it.
func Concat[T any](sources ...observable.Observable[T]) observable.Observable[T] {
	sources = must.Sources("operators.Concat", sources)
	return func(ctx context.Context, emit func(T) bool) error {
		out := engine.Gate[T]{Emit: emit}
		for _, src := range sources {
			if err := src(ctx, out.Send); err != nil || out.Stopped {
				return err
			}
		}
		return context.Cause(ctx)
	}
}
