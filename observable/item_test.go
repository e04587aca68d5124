package observable_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/source"
)

// read receives until the channel is closed. It requires that an error comes last, with the zero value.
func read(t *testing.T, items <-chan observable.Item[int]) (values []int, err error) {
	t.Helper()
	for item := range items {
		require.NoError(t, err, "the error comes last")
		if err = item.Err; err == nil {
			values = append(values, item.Value)
		} else {
			require.Zero(t, item.Value)
		}
	}
	return values, err
}

func TestObserve(t *testing.T) {
	for name, test := range map[string]struct {
		source  observable.Observable[int]
		want    []int
		wantErr error
	}{
		"complete": {source.Of(1, 2, 3), []int{1, 2, 3}, nil},
		"empty":    {source.Empty[int](), nil, nil},
		"failed":   {thenFail(1, 2, 3), []int{1, 2, 3}, errTest},
	} {
		t.Run(name, func(t *testing.T) {
			for _, capacity := range []int{0, 1, 2, 10} {
				synctest.Test(t, func(t *testing.T) {
					got, err := read(t, test.source.Observe(t.Context(), capacity))
					require.Equal(t, test.wantErr, err)
					require.Equal(t, test.want, got)
				})
			}
		})
	}
}

func TestObserveWaitsWhenTheChannelIsFull(t *testing.T) {
	for capacity, want := range map[int]int{0: 1, 1: 1, 5: 5} {
		synctest.Test(t, func(t *testing.T) {
			emitted := 0
			items := observable.Observable[int](func(_ context.Context, emit func(int) bool) error {
				for emit(emitted) {
					emitted++
				}
				return nil
			}).Observe(t.Context(), capacity)
			synctest.Wait()
			require.Equal(t, want, emitted)
			<-items
			synctest.Wait()
			require.Equal(t, want+1, emitted)
		})
	}
}

func TestObserveOfADoneContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		got, err := read(t, source.Of(1, 2).Observe(canceled(t), 2))
		require.Equal(t, errCanceled, err)
		require.Empty(t, got)
	})
}

// A reader that leaves cancels ctx; the bubble fails if the goroutine remains. A reader that stays receives the error,
// even if the channel was full.
func TestObserveCanceledWhileTheChannelIsFull(t *testing.T) {
	for _, capacity := range []int{0, 1, 3} {
		for name, src := range map[string]observable.Observable[int]{
			"endless": source.Range(1, 1000),
			"that fails to stop": func(ctx context.Context, emit func(int) bool) error {
				for emit(1) {
				}
				return context.Cause(ctx)
			},
		} {
			t.Run(name, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					ctx, cancel := context.WithCancelCause(t.Context())
					items := src.Observe(ctx, capacity)
					<-items
					synctest.Wait()
					cancel(errCanceled)
					synctest.Wait()
					got, err := read(t, items)
					require.Equal(t, errCanceled, err)
					require.Len(t, got, max(capacity, 1)-1)
				})
			})
		}
	}
}

// A reader that cancels and continues receives the error, no matter which goroutine is first.
func TestObserveCanceledWhileItIsRead(t *testing.T) {
	for range 200 {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithCancelCause(t.Context())
			items := source.Repeat(1).Observe(ctx, 2)
			<-items
			cancel(errCanceled)
			_, err := read(t, items)
			require.Equal(t, errCanceled, err)
		})
	}
}

func TestObserveAFailureWaitsForRoom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		items := thenFail(1).Observe(t.Context(), 1)
		time.Sleep(time.Hour)
		got, err := read(t, items)
		require.Equal(t, errTest, err)
		require.Equal(t, []int{1}, got)
	})
}

func TestObserveOfANegativeCapacityPanics(t *testing.T) {
	require.PanicsWithError(t, "observable.Observe: capacity is -1, it must not be negative", func() {
		source.Of(1).Observe(t.Context(), -1)
	})
}
