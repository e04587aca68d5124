package operators_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/time/rate"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

func TestRateLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		limiter := rate.NewLimiter(rate.Every(time.Second), 2)
		begin := time.Now()
		var at []time.Duration
		err := operators.RateLimit(source.Range(0, 5), limiter).ForEach(t.Context(), func(int) {
			at = append(at, time.Since(begin).Round(time.Millisecond))
		})
		require.NoError(t, err)
		require.Equal(t, []time.Duration{0, 0, 1e9, 2e9, 3e9}, at)
	})
}

func TestRateLimitThatLetsNothingPass(t *testing.T) {
	got, err := operators.RateLimit(source.Of(1, 2), rate.NewLimiter(1, 0)).Collect(t.Context())
	require.ErrorIs(t, err, operators.ErrRateLimit)
	require.ErrorContains(t, err, "burst")
	require.Empty(t, got)
}

func TestRateLimitBeyondTheDeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		limiter := rate.NewLimiter(rate.Every(time.Hour), 1)
		got, err := operators.RateLimit(source.Of(1, 2), limiter).Collect(ctx)
		require.ErrorIs(t, err, operators.ErrRateLimit)
		require.ErrorContains(t, err, "deadline")
		require.Equal(t, []int{1}, got)
		require.NoError(t, ctx.Err(), "it must not wait in vain")
	})
}

func TestRateLimitCanceledWhileItWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cause := errors.New("enough")
		ctx, cancel := context.WithCancelCause(t.Context())
		time.AfterFunc(time.Second, func() { cancel(cause) })
		limiter := rate.NewLimiter(rate.Every(time.Hour), 1)
		got, err := operators.RateLimit(source.Of(1, 2), limiter).Collect(ctx)
		require.Equal(t, cause, err)
		require.Equal(t, []int{1}, got)
	})
}

func TestRateLimitKeepsTheContract(t *testing.T) {
	limited := func(limit rate.Limit) func(src numbers) numbers {
		return func(src numbers) numbers {
			return source.Defer(func() observable.Observable[int] {
				return operators.RateLimit(src, rate.NewLimiter(limit, 1))
			})
		}
	}
	checkOperator(t, limited(3))
	op := limited(rate.Inf)
	checkStop(t, op)
	checkEndless(t, op)
	checkAllocations(t, op)
}

func TestRateLimitMisused(t *testing.T) {
	requirePanic(t, "operators.RateLimit: nil", func() { operators.RateLimit[int](nil, rate.NewLimiter(1, 1)) })
	requirePanic(t, "operators.RateLimit: nil", func() { operators.RateLimit(source.Of(1), nil) })
}
