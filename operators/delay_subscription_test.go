package operators_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

func TestDelaySubscriptionKeepsTheContract(t *testing.T) {
	for _, d := range []time.Duration{0, time.Second} {
		checkOperator(t, func(src numbers) numbers { return operators.DelaySubscription(src, d) })
	}
	checkSynchronous(t, func(src numbers) numbers { return operators.DelaySubscription(src, 0) })
}

func TestDelaySubscription(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		begin := time.Now()
		src := operators.Concat(source.Of(1), operators.DelaySubscription(source.Of(2), time.Second))
		var at []time.Duration
		delayed := operators.DelaySubscription(src, time.Hour)
		require.NoError(t, delayed.ForEach(t.Context(), func(int) { at = append(at, time.Since(begin)) }))
		require.Equal(t, []time.Duration{time.Hour, time.Hour + time.Second}, at)

		requireResult(t, operators.DelaySubscription(failing(1), time.Hour), errSource, 1)
	})
}

func TestDelaySubscriptionCanceled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancelCause(t.Context())
		time.AfterFunc(time.Second, func() { cancel(errOther) })
		begin := time.Now()
		var src numbers = func(context.Context, func(int) bool) error { panic("it was run") }
		_, err := operators.DelaySubscription(src, time.Hour).Collect(ctx)
		require.Equal(t, errOther, err)
		require.Equal(t, time.Second, time.Since(begin))

		for range 50 { // cancellation wins if the timer has fired too
			_, err = operators.DelaySubscription(src, 0).Collect(ctx)
			require.Equal(t, errOther, err)
		}
	})
}

func TestMistakesInDelaySubscription(t *testing.T) {
	requirePanic(t, "operators.DelaySubscription: nil source", func() { operators.DelaySubscription[int](nil, 1) })
	requirePanic(t, "operators.DelaySubscription: d is -1ns", func() { operators.DelaySubscription(source.Of(1), -1) })
}
