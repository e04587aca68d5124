package operators

import (
	"context"
	"errors"
	"fmt"

	"golang.org/x/time/rate"

	"github.com/rivulet-go/rivulet/internal/cause"
	"github.com/rivulet-go/rivulet/internal/engine"
	"github.com/rivulet-go/rivulet/internal/must"
	"github.com/rivulet-go/rivulet/observable"
)

// ErrRateLimit is the failure of [RateLimit] when its limiter can never let an item pass, because its burst is 0, or
// not before the deadline of the context.
var ErrRateLimit = errors.New("rivulet: the rate limiter does not let the item pass")

// RateLimit emits every item, as soon as the limiter lets it pass; src waits meanwhile. Each item takes one token.
// All runs share the limiter, as may others. It fails with [ErrRateLimit] when the wait would be in vain.
//
//	src:       (1234)-----|
//	RateLimit: (12)--3--4-|   an event every 3 places, bursts of 2
func RateLimit[T any](src observable.Observable[T], limiter *rate.Limiter) observable.Observable[T] {
	must.NotNil("operators.RateLimit", src, limiter)
	return func(ctx context.Context, emit func(T) bool) error {
		return engine.Try(ctx, src, func(v T) (more bool, err error) {
			if err := limiter.Wait(ctx); err != nil {
				return false, notAllowed(ctx, err)
			}
			return emit(v), nil
		})
	}
}

// notAllowed tells a run that was cancelled while it waited from one that the limiter refuses.
func notAllowed(ctx context.Context, err error) error {
	if cause.Alone(ctx, err) {
		return err
	}
	return fmt.Errorf("%w: %w", ErrRateLimit, err)
}
