package operators

import (
	"context"

	"github.com/rivulet-go/rivulet/internal/must"
	"github.com/rivulet-go/rivulet/observable"
)

// MergeDelayError is [Merge], but a source that fails does not end the others: their items come first, and then the
// failure, or [errors.Join] of the failures, in their order of time.
//
//	a:               --1--#
//	b:               ----x-y----z--|
//	MergeDelayError: --1-x-y----z--#
func MergeDelayError[T any](sources ...observable.Observable[T]) observable.Observable[T] {
	signals := make([]observable.Observable[Notification[T]], len(sources))
	for i, src := range sources {
		must.NotNil("operators.MergeDelayError", src)
		signals[i] = Materialize(src)
	}
	return func(ctx context.Context, emit func(T) bool) error {
		var delayed error
		out := relay[T]{emit: emit}
		err := Merge(signals...)(ctx, func(n Notification[T]) bool {
			if n.Err != nil {
				delayed = join(delayed, n.Err)
			}
			return n.Err != nil || n.Complete || out.send(n.Value)
		})
		if err != nil || out.stopped {
			return err
		}
		return delayed
	}
}
