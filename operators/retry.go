package operators

import (
	"context"
	"fmt"
	"time"

	"github.com/rivulet-go/rivulet/internal/clock"
	"github.com/rivulet-go/rivulet/internal/must"
	"github.com/rivulet-go/rivulet/internal/retry"
	"github.com/rivulet-go/rivulet/observable"
)

// RetryPolicy says when a stream that failed is run anew, and after which delay. A field that is zero has its default.
//
// The delay after the first failure in a row is InitialDelay; it doubles with every further failure up to MaxDelay.
// A share of it, Jitter, is random: the delay is shortened by up to that share. No delay is longer than 24 hours.
type RetryPolicy struct {
	InitialDelay time.Duration // default 3 s; 1 for practically none
	MaxDelay     time.Duration // default 30 s
	Jitter       float64       // 0 to 1, default 0.5; negative for none
	MaxAttempts  int           // runs that may fail in a row, the first included; default no limit
	HealthyAfter time.Duration // a run that fails so long after its first item begins a new row; default 5 s

	Retryable func(error) bool // decides by the failure whether to retry at all; default always
}

// RetryError is the failure of [Retry] when MaxAttempts runs have failed in a row.
type RetryError struct {
	Attempts int   // how many runs failed in a row
	Err      error // the failure of the last
}

func (e *RetryError) Error() string {
	return fmt.Sprintf("rivulet: giving up after %d attempts: %v", e.Attempts, e.Err)
}

// Unwrap returns the failure of the last attempt.
func (e *RetryError) Unwrap() error { return e.Err }

// Retry runs its source anew when that fails, after a delay; the failed run has then been torn down. Items that were
// emitted already may so come again. It completes when a run does, and fails with the failure of a run, as it is, for
// which Retryable is false, or with a [*RetryError]. It waits on the goroutine of the run.
//
//	src:   --1--2--X
//	src:                 --1--2--3--|
//	Retry: --1--2----------1--2--3--|
func Retry[T any](src observable.Observable[T], policy RetryPolicy) observable.Observable[T] {
	must.NotNil("operators.Retry", src)
	retry.Policy(policy).Check("operators.Retry")
	return func(ctx context.Context, emit func(T) bool) error {
		schedule := retry.New(retry.Policy(policy))
		for {
			up, stopped, err := timed(ctx, src, emit)
			if err == nil || stopped || ctx.Err() != nil || policy.Retryable != nil && !policy.Retryable(err) {
				return err
			}
			failed, delay, again := schedule.Failed(up)
			if !again {
				return &RetryError{Attempts: failed, Err: err}
			}
			if err := clock.Sleep(ctx, delay); err != nil {
				return err
			}
		}
	}
}

// timed runs src and returns the time since its first item, or 0 if there was none, and whether emit has said stop.
func timed[T any](
	ctx context.Context, src observable.Observable[T], emit func(T) bool,
) (up time.Duration, stopped bool, err error) {
	var first time.Time
	err = src(ctx, func(v T) bool {
		if first.IsZero() {
			first = time.Now()
		}
		stopped = !emit(v)
		return !stopped
	})
	if !first.IsZero() {
		up = time.Since(first)
	}
	return up, stopped, err
}
