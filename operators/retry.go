package operators

import (
	"context"

	"github.com/rivulet-go/rivulet/internal/clock"
	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/retry"
)

// Retry runs src again when it fails, after a delay and after the failed run was torn down. Items that a failed run has
// emitted may be emitted again. Retry completes when a run completes. It fails with the failure of a run if the
// policy's Retryable returns false for it, and with a [*retry.Error] if as many runs as the policy allows have failed
// in a row.
//
// A run succeeds when it emits its first item. If it fails at least HealthyAfter later, the count of failures in a row
// and the delay start again. Retry waits on the goroutine of the run.
//
//	src:   --1--2--X
//	src:                 --1--2--3--|
//	Retry: --1--2----------1--2--3--|
func Retry[T any](src observable.Observable[T], policy retry.Policy) observable.Observable[T] {
	if src == nil {
		panic("operators.Retry: nil source")
	}
	policy.Check("operators.Retry")
	return func(ctx context.Context, emit func(T) bool) error {
		schedule := retry.NewSchedule(policy)
		stopped := false
		for {
			err := src(ctx, func(v T) bool {
				schedule.Succeeded()
				stopped = !emit(v)
				return !stopped
			})
			if err == nil || stopped || ctx.Err() != nil {
				return err
			}
			delay, err := schedule.Failed(err)
			if err != nil {
				return err
			}
			if err := clock.Sleep(ctx, delay); err != nil {
				return err
			}
		}
	}
}
