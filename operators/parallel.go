package operators

import (
	"context"

	"github.com/rivulet-go/rivulet/internal/must"
	"github.com/rivulet-go/rivulet/observable"
)

// ParallelMap emits f of every item, in the order of src, and calls f for up to workers items at once. It fails as soon
// as a call does or src does, and cancels the context of the other calls.
//
// ParallelMap is concurrent: it starts a goroutine for src and one for each item, in which f is called; workers must be
// at least 1. No more than workers items are in work or wait, as results, for their turn; beyond that src waits.
func ParallelMap[A, B any](
	src observable.Observable[A], workers int, f func(context.Context, A) (B, error),
) observable.Observable[B] {
	must.NotNil("operators.ParallelMap", src, f)
	must.Positive("operators.ParallelMap", "workers", workers)
	return ConcatMapEager(src, workers, func(a A) observable.Observable[B] {
		return func(ctx context.Context, emit func(B) bool) error {
			b, err := f(ctx, a)
			if err == nil {
				emit(b)
			}
			return err
		}
	})
}
