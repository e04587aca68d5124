package operators

import (
	"context"
	"errors"
	"fmt"

	"golang.org/x/time/rate"

	"github.com/rivulet-go/rivulet/internal/cause"
	"github.com/rivulet-go/rivulet/internal/engine"
	"github.com/rivulet-go/rivulet/observable"
)

// ErrRateLimit is the error of [RateLimit] if its limiter does not allow an item before the deadline of the context, or
// does not allow any because its burst is 0.
var ErrRateLimit = errors.New("rivulet: the rate limiter does not let the item pass")

// RateLimit emits each item as soon as limiter allows it. Each item takes one token. src waits until its item is
// emitted. All runs share limiter, and other code may use it too. If limiter does not allow an item before the deadline
// of ctx, or ever, RateLimit fails with [ErrRateLimit] without waiting.
//
//	src:       (1234)-----|
//	RateLimit: (12)--3--4-|   an event every 3 places, bursts of 2
func RateLimit[T any](src observable.Observable[T], limiter *rate.Limiter) observable.Observable[T] {
	if src == nil || limiter == nil {
		panic("operators.RateLimit: nil source or limiter")
	}
	return func(ctx context.Context, emit func(T) bool) error {
		return engine.Try(ctx, src, func(v T) (more bool, err error) {
			if err := limiter.Wait(ctx); err != nil {
				return false, notAllowed(ctx, err)
			}
			return emit(v), nil
		})
	}
}

// notAllowed returns err as it is if ctx was canceled during the wait. Otherwise it wraps it in ErrRateLimit.
func notAllowed(ctx context.Context, err error) error {
	if cause.Alone(ctx, err) {
		return err
	}
	return fmt.Errorf("%w: %w", ErrRateLimit, err)
}
