package source_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/source"
)

// filled returns a channel that holds the items.
func filled(items ...int) chan int {
	channel := make(chan int, len(items))
	for _, v := range items {
		channel <- v
	}
	return channel
}

func TestFromChannelCompletesWhenItIsClosed(t *testing.T) {
	items := filled(1, 2)
	close(items)
	got, err := source.FromChannel(items).Collect(t.Context())
	require.NoError(t, err)
	require.Equal(t, []int{1, 2}, got)
}

func TestFromChannelWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		items := make(chan int)
		go func() {
			defer close(items)
			for i := range 3 {
				time.Sleep(time.Second)
				items <- i
			}
		}()
		got, err := source.FromChannel(items).Collect(t.Context())
		require.NoError(t, err)
		require.Equal(t, []int{0, 1, 2}, got)
	})
}

func TestFromChannelLeavesTheRest(t *testing.T) {
	items := filled(1, 2, 3, 4)
	require.Equal(t, []int{1, 2}, stopAt(t, source.FromChannel(items), 2))
	requireCancel(t, source.FromChannel(items), 1)
	requireCancel(t, source.FromChannel(items), 0)
	require.Equal(t, 4, <-items)
}

func TestFromChannelCanceledWhileItWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancelCause(t.Context())
		time.AfterFunc(time.Second, func() { cancel(errCanceled) })
		got, err := source.FromChannel(make(chan int)).Collect(ctx)
		require.Equal(t, errCanceled, err)
		require.Empty(t, got)
	})
}

func TestFromChannelSharesItsItemsOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		items := make(chan int)
		src := source.FromChannel(items)
		a, b := src.Observe(t.Context(), 100), src.Observe(t.Context(), 100)
		for i := range 100 {
			items <- i
		}
		close(items)
		seen := map[int]int{}
		for range 2 {
			for item := range a {
				require.NoError(t, item.Err)
				seen[item.Value]++
			}
			a = b
		}
		require.Len(t, seen, 100)
		for v, times := range seen {
			require.Equal(t, 1, times, "item %d", v)
		}
	})
}

func TestFromChannelOfNilPanics(t *testing.T) {
	requirePanic(t, "source.FromChannel: nil channel", func() { source.FromChannel[int](nil) })
}
