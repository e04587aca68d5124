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

// between has operators that may stand between the stream that goes first and the one that emits.
var between = map[string]func(numbers) numbers{
	"nothing":   func(o numbers) numbers { return o },
	"Merge":     func(o numbers) numbers { return operators.Merge(o, silent) },
	"Timeout":   func(o numbers) numbers { return operators.Timeout(o, time.Hour) },
	"Share":     operators.Share[int],
	"ObserveOn": func(o numbers) numbers { return operators.ObserveOn(o, 1) },
	"TakeUntil": func(o numbers) numbers { return operators.TakeUntil(o, silent) },
}

// What notifier or other emits at once comes before the first signal of the source, whatever stands between.
func TestTheOtherStreamGoesFirst(t *testing.T) {
	items := source.Of(1, 2, 3)
	for name, wrap := range between {
		t.Run(name, func(t *testing.T) {
			for range 100 {
				inBubble(t, func(t *testing.T) {
					requireResult(t, operators.TakeUntil(items, wrap(source.Of(0))), nil)
					requireResult(t, operators.TakeUntil(failing(), wrap(source.Of(0))), nil)
					requireResult(t, operators.TakeUntil(items, wrap(source.Throw[int](errSource))), errSource)
					requireResult(t, operators.SkipUntil(items, wrap(source.Of(0))), nil, 1, 2, 3)
					requireResult(t, operators.SkipUntil(items, wrap(failing())), errSource)
					requireResult(t, operators.WithLatestFrom(items, wrap(source.Of(10, 20)), add), nil, 21, 22, 23)
					requireResult(t, operators.WithLatestFrom(items, wrap(failing(10, 20)), add), errSource)
					value := observable.NewBehaviorSubject(20).Observable()
					requireResult(t, operators.WithLatestFrom(items, wrap(value), add), nil, 21, 22, 23)
				})
			}
		})
	}
}

// It makes no difference whether a stream asks for Done, looks at Err or derives a context before it emits.
func TestTheOtherStreamGoesFirstHoweverItUsesItsContext(t *testing.T) {
	for name, use := range usesOfAContext {
		t.Run(name, func(t *testing.T) {
			first := numbers(func(ctx context.Context, emit func(int) bool) error {
				ctx, end := use(ctx)
				defer end()
				emit(20)
				<-ctx.Done()
				return context.Cause(ctx)
			})
			for range 100 {
				inBubble(t, func(t *testing.T) {
					requireResult(t, operators.TakeUntil(source.Of(1, 2, 3), first), nil)
					requireResult(t, operators.WithLatestFrom(source.Of(1, 2, 3), first, add), nil, 21, 22, 23)
				})
			}
		})
	}
}

// A stream that does not end holds the first item of the source up for a millisecond, and nothing else of it.
func TestTheOtherStreamHoldsTheFirstItemUpForAMillisecond(t *testing.T) {
	deaf := numbers(func(context.Context, func(int) bool) error { time.Sleep(time.Hour); return nil })
	for name, other := range map[string]numbers{"silent": silent, "deaf": deaf, "late": after(1)} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				start := time.Now()
				src := source.Defer(func() numbers {
					require.Zero(t, time.Since(start))
					return source.Of(1, 2, 3)
				})
				items := 0
				err := operators.TakeUntil(src, other).ForEach(t.Context(), func(int) {
					items++
					require.Equal(t, time.Millisecond, time.Since(start))
				})
				require.NoError(t, err)
				require.Equal(t, 3, items)
			})
		})
	}
	requireResult(t, operators.TakeUntil(source.Of(1, 2, 3), operators.IgnoreElements(numbers(endless))), nil, 1, 2, 3)
}
