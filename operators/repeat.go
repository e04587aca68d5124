package operators

import (
	"context"

	"github.com/rivulet-go/rivulet/internal/engine"
	"github.com/rivulet-go/rivulet/internal/must"
	"github.com/rivulet-go/rivulet/observable"
)

// Repeat runs src n times, one run after another, and emits the items of all runs. It completes after the last run. If
// a run fails, Repeat fails with that error. If n is 0, it completes without running src. If n is [math.MaxInt], it
// repeats src indefinitely.
func Repeat[T any](src observable.Observable[T], n int) observable.Observable[T] {
	if src == nil {
		panic("operators.Repeat: nil source")
	}
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
