package operators

import (
	"context"

	"github.com/rivulet-go/rivulet/internal/engine"
	"github.com/rivulet-go/rivulet/internal/must"
	"github.com/rivulet-go/rivulet/observable"
)

// Concat runs the sources one after another and emits their items. When a source completes, Concat runs the next one.
// It completes after the last source, and fails with the first source that fails.
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
