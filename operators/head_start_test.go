package operators_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

func TestWhatIsWatchedGoesFirst(t *testing.T) {
	items := source.Of(1, 2, 3)
	unused := numbers(func(context.Context, func(int) bool) error { panic("it is not needed") })
	values := make(chan int, 2)
	values <- 10
	values <- 20
	for range 100 {
		requireResult(t, operators.TakeUntil(unused, source.Of(0)), nil)
		requireResult(t, operators.TakeUntil(unused, source.Throw[int](errSource)), errSource)
		requireResult(t, operators.TakeUntil(items, source.Empty[int]()), nil, 1, 2, 3)
		requireResult(t, operators.SkipUntil(items, source.Of(0)), nil, 1, 2, 3)
		requireResult(t, operators.SkipUntil(unused, failing()), errSource)
		requireResult(t, operators.WithLatestFrom(items, source.Of(10, 20), add), nil, 21, 22, 23)
		requireResult(t, operators.WithLatestFrom(unused, failing(10, 20), add), errSource)
		value := observable.NewBehaviorSubject(20).Observable()
		requireResult(t, operators.WithLatestFrom(items, value, add), nil, 21, 22, 23)
	}
	requireResult(t, operators.WithLatestFrom(items, source.FromChannel(values), add), nil, 21, 22, 23)
}

// What neither emits nor waits, or waits without a look at its context, does not hold the other stream up.
func TestAHeadStartIsShort(t *testing.T) {
	deaf := numbers(func(context.Context, func(int) bool) error { time.Sleep(time.Hour); return nil })
	for name, notifier := range map[string]numbers{
		"silent": operators.IgnoreElements(numbers(endless)), "endless": endless, "deaf": deaf,
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				start := time.Now()
				src := source.Defer(func() numbers {
					require.LessOrEqual(t, time.Since(start), 100*time.Millisecond)
					return source.Of(1, 2, 3)
				})
				require.NoError(t, operators.WithLatestFrom(src, notifier, add).ForEach(t.Context(), func(int) {}))
			})
		})
	}
}
