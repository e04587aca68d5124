package operators

import (
	"context"
	"time"

	"github.com/rivulet-go/rivulet/internal/clock"
	"github.com/rivulet-go/rivulet/internal/must"
	"github.com/rivulet-go/rivulet/observable"
)

// DelaySubscription runs its source after d, which may be 0. It waits on the goroutine of the run.
//
//	src:                 -1-2-|
//	DelaySubscription: ---1-2-|
func DelaySubscription[T any](src observable.Observable[T], d time.Duration) observable.Observable[T] {
	must.NotNil("operators.DelaySubscription", src)
	must.NotNegative("operators.DelaySubscription", "d", d)
	return func(ctx context.Context, emit func(T) bool) error {
		if err := clock.Sleep(ctx, d); err != nil {
			return err
		}
		return src(ctx, emit)
	}
}
