package source_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/source"
)

func TestInterval(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		begin := time.Now()
		want := 0
		stopped := source.Interval(time.Second)(t.Context(), func(i int) bool {
			require.Equal(t, want, i)
			want++
			require.Equal(t, time.Duration(want)*time.Second, time.Since(begin))
			return want < 3
		})
		require.NoError(t, stopped)
		require.Equal(t, 3, want)
		require.Equal(t, 3*time.Second, time.Since(begin))
	})
}

func TestIntervalSkipsTheTicksOfASlowSubscriber(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		begin := time.Now()
		var at []time.Duration
		var got []int
		err := source.Interval(time.Second)(t.Context(), func(i int) bool {
			got, at = append(got, i), append(at, time.Since(begin))
			if i == 1 {
				time.Sleep(3500 * time.Millisecond)
			}
			return i < 4
		})
		require.NoError(t, err)
		require.Equal(t, []int{0, 1, 2, 3, 4}, got)
		require.Equal(t, []time.Duration{
			1 * time.Second, 2 * time.Second, 5500 * time.Millisecond, 6 * time.Second, 7 * time.Second,
		}, at)
	})
}

func TestIntervalCanceled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancelCause(t.Context())
		time.AfterFunc(2500*time.Millisecond, func() { cancel(errCanceled) })
		begin := time.Now()
		got, err := source.Interval(time.Second).Collect(ctx)
		require.Equal(t, errCanceled, err)
		require.Equal(t, []int{0, 1}, got)
		require.Equal(t, 2500*time.Millisecond, time.Since(begin))
		requireCancel(t, source.Interval(time.Second), 2)
		requireCancel(t, source.Interval(time.Second), 0)
	})
}

// A tick is due when the busy subscriber returns. The canceled run must not emit it.
func TestIntervalCanceledWhileATickIsDue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for range 50 {
			ctx, cancel := context.WithCancelCause(t.Context())
			items := 0
			err := source.Interval(time.Second)(ctx, func(int) bool {
				items++
				time.Sleep(3 * time.Second)
				cancel(errCanceled)
				return true
			})
			require.Equal(t, errCanceled, err)
			require.Equal(t, 1, items)
		}
	})
}

func TestTimer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, d := range []time.Duration{0, time.Hour} {
			begin := time.Now()
			got, err := source.Timer(d).Collect(t.Context())
			require.NoError(t, err)
			require.Equal(t, []time.Time{begin.Add(d)}, got)
			require.Equal(t, d, time.Since(begin))
			requireCancel(t, source.Timer(d), 1)
			requireCancel(t, source.Timer(d), 0)
		}
	})
}

func TestTimerCanceled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancelCause(t.Context())
		time.AfterFunc(time.Second, func() { cancel(errCanceled) })
		begin := time.Now()
		got, err := source.Timer(time.Hour).Collect(ctx)
		require.Equal(t, errCanceled, err)
		require.Empty(t, got)
		require.Equal(t, time.Second, time.Since(begin))
	})
}

func TestMistakesInTimes(t *testing.T) {
	requirePanic(t, "source.Interval: d is 0s, it must be positive", func() { source.Interval(0) })
	requirePanic(t, "source.Timer: d is -1ns, it must not be negative", func() { source.Timer(-1) })
}
