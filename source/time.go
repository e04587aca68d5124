package source

import (
	"context"
	"time"

	"github.com/rivulet-go/rivulet/internal/clock"
	"github.com/rivulet-go/rivulet/internal/must"
	"github.com/rivulet-go/rivulet/observable"
)

// Interval emits 0, 1, 2 and so on, one at every tick of a clock that ticks every d, which must be positive, and never
// completes. Ticks that pass while the subscriber is busy are skipped, all but the latest, which it is given late; the
// numbers count the items, not the ticks.
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

// Timer emits one item after d, which may be 0: the time at which it fires. Then it completes.
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
