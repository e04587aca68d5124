package operators

import (
	"context"
	"time"

	"github.com/rivulet-go/rivulet/internal/clock"
	"github.com/rivulet-go/rivulet/internal/must"
	"github.com/rivulet-go/rivulet/observable"
)

// DelaySubscription waits for d and then runs src. d may be 0. It waits on the goroutine that runs the stream.
//
//	src:                 -1-2-|
//	DelaySubscription: ---1-2-|
func DelaySubscription[T any](src observable.Observable[T], d time.Duration) observable.Observable[T] {
	if src == nil {
		panic("operators.DelaySubscription: nil source")
	}
	must.NotNegative("operators.DelaySubscription", "d", d)
	return func(ctx context.Context, emit func(T) bool) error {
		if err := clock.Sleep(ctx, d); err != nil {
			return err
		}
		return src(ctx, emit)
	}
}
