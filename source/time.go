package source

import (
	"context"
	"time"

	"github.com/rivulet-go/rivulet/internal/clock"
	"github.com/rivulet-go/rivulet/internal/must"
	"github.com/rivulet-go/rivulet/observable"
)

// Interval emits 0, 1, 2 and so on, one integer at each tick of a clock with period d. d must be positive. It never
// completes. Ticks that pass while the subscriber is busy are skipped, except the latest, which is delivered late. So
// the integers count the items, not the ticks.
//
//	Interval:   -0-1-2-3-4-
//	slow after: -0-1------2-3-   (the subscriber was busy with 1 for 3 ticks)
func Interval(d time.Duration) observable.Observable[int] {
	must.Positive("source.Interval", "d", d)
	return func(ctx context.Context, emit func(int) bool) error {
		ticker := time.NewTicker(d)
		defer ticker.Stop()
		for i := 0; ctx.Err() == nil; i++ {
			select {
			case <-ticker.C:
				if !emit(i) {
					return nil
				}
			case <-ctx.Done():
			}
		}
		return context.Cause(ctx)
	}
}

// Timer waits for d, emits the current time and completes. d may be 0.
func Timer(d time.Duration) observable.Observable[time.Time] {
	must.NotNegative("source.Timer", "d", d)
	return func(ctx context.Context, emit func(time.Time) bool) error {
		if err := clock.Sleep(ctx, d); err != nil {
			return err
		}
		if emit(time.Now()) {
			return context.Cause(ctx)
		}
		return nil
	}
}
