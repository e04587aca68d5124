package operators

import (
	"context"
	"time"

	"github.com/rivulet-go/rivulet/observable"
)

// Timestamped is an item with the time at which it arrived.
type Timestamped[T any] struct {
	Value T
	Time  time.Time
}

// Timestamp emits each item with the time at which it arrived, as reported by [time.Now].
func Timestamp[T any](src observable.Observable[T]) observable.Observable[Timestamped[T]] {
	if src == nil {
		panic("operators.Timestamp: nil source")
	}
	return func(ctx context.Context, emit func(Timestamped[T]) bool) error {
		return src(ctx, func(v T) bool { return emit(Timestamped[T]{Value: v, Time: time.Now()}) })
	}
}

// Timed is an item with the time that passed before it arrived.
type Timed[T any] struct {
	Value   T
	Elapsed time.Duration
}

// TimeInterval emits each item with the time since the item before it arrived. For the first item, it is the time
// since the run started. TimeInterval measures with the monotonic clock.
func TimeInterval[T any](src observable.Observable[T]) observable.Observable[Timed[T]] {
	if src == nil {
		panic("operators.TimeInterval: nil source")
	}
	return func(ctx context.Context, emit func(Timed[T]) bool) error {
		last := time.Now()
		return src(ctx, func(v T) bool {
			now := time.Now()
			elapsed := now.Sub(last)
			last = now
			return emit(Timed[T]{Value: v, Elapsed: elapsed})
		})
	}
}
