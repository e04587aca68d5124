package operators

import (
	"context"

	"github.com/rivulet-go/rivulet/internal/engine"
	"github.com/rivulet-go/rivulet/internal/must"
	"github.com/rivulet-go/rivulet/observable"
)

// Repeat runs its source n times, each time when the run before it is complete; the first that fails ends it. Repeat
// of 0 completes without running the source, of [math.MaxInt] it goes on for ever.
func Repeat[T any](src observable.Observable[T], n int) observable.Observable[T] {
	must.NotNil("operators.Repeat", src)
	must.NotNegative("operators.Repeat", "n", n)
	return func(ctx context.Context, emit func(T) bool) error {
		out := engine.Gate[T]{Emit: emit}
		for i := 0; i < n && ctx.Err() == nil; i++ {
			if err := src(ctx, out.Send); err != nil || out.Stopped {
				return err
			}
		}
		return context.Cause(ctx)
	}
}
