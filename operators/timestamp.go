package operators

import (
	"context"
	"time"

	"github.com/rivulet-go/rivulet/internal/must"
	"github.com/rivulet-go/rivulet/observable"
)

// Timestamped is an item with the time at which it came.
type Timestamped[T any] struct {
	Value T
	Time  time.Time
}

// Timestamp emits every item with the time at which it came, as [time.Now] gives it.
func Timestamp[T any](src observable.Observable[T]) observable.Observable[Timestamped[T]] {
	must.NotNil("operators.Timestamp", src)
	return Map(src, func(v T) Timestamped[T] { return Timestamped[T]{Value: v, Time: time.Now()} })
}

// Timed is an item with the time that passed before it came.
type Timed[T any] struct {
	Value   T
	Elapsed time.Duration
}

// TimeInterval emits every item with the time that passed since the one before it came; with the first item, since
// the run began. It measures with the monotonic clock.
func TimeInterval[T any](src observable.Observable[T]) observable.Observable[Timed[T]] {
	must.NotNil("operators.TimeInterval", src)
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
