package guide_test

import (
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/observabletest"
	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

func TestReadingAndWritingOverlap(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, began := t.Context(), time.Now()
		pause := func(int) { time.Sleep(time.Second) }
		read, write := operators.Tap(source.Range(1, 10), observable.Observer[int]{Next: pause}), pause
		lines := operators.ObserveOn(read, 128)
		err := lines.ForEach(ctx, write)
		require.NoError(t, err)
		require.Equal(t, 11*time.Second, time.Since(began)) // 20 s without ObserveOn
	})
}

func TestTheLatestPriceIsDrawn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, drawn := t.Context(), []int{}
		prices := observabletest.Marbles[int]("1-2-3-4-5|", nil)
		draw := func(price int) {
			drawn = append(drawn, price)
			time.Sleep(5 * observabletest.Frame)
		}
		err := operators.OnBackpressureLatest(prices).ForEach(ctx, draw)
		require.NoError(t, err)
		require.Equal(t, []int{1, 3, 5}, drawn)
	})
}

func TestDroppedItemsAreCounted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		samples := source.Range(1, 1000)
		var dropped atomic.Int64
		recent := operators.OnBackpressureBuffer(samples, 100, observable.DropOldest, func(int) { dropped.Add(1) })
		var got []int
		require.NoError(t, recent.ForEach(t.Context(), func(v int) {
			got = append(got, v)
			time.Sleep(time.Second)
		}))
		require.Equal(t, 1000, got[len(got)-1])
		require.EqualValues(t, 1000-len(got), dropped.Load())
	})
}

func TestASlowSubscriberDoesNotDelayTheOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		prices := operators.Take(source.Interval(time.Millisecond), 5000)
		shared := operators.Share(prices)
		screen := operators.OnBackpressureLatest(shared) // may miss prices
		ledger := shared                                 // gets every price
		slow := screen.Subscribe(t.Context(), observable.Observer[int]{Next: func(int) { time.Sleep(time.Minute) }})
		synctest.Wait()
		began := time.Now()
		all, err := ledger.Collect(t.Context())
		require.NoError(t, err)
		require.Len(t, all, 5000)
		require.Equal(t, 5*time.Second, time.Since(began))
		require.NoError(t, slow.Wait())
	})
}
