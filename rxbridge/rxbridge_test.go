package rxbridge_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"reflect"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/reactivex/rxgo/v2"
	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/observabletest"
	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/rxbridge"
	"github.com/rivulet-go/rivulet/source"
)

var errBridge = errors.New("broken")

func TestFromKeepsTheContract(t *testing.T) {
	for name, o := range map[string]rxgo.Observable{
		"values":        rxgo.Just(1, 2, 3)(),
		"empty":         rxgo.Empty(),
		"failing":       rxgo.Just(1, errBridge, 2)(),
		"wrong types":   rxgo.Just(1, "two")(),
		"with operator": rxgo.Range(1, 100).Filter(func(v interface{}) bool { return v.(int)%2 == 0 }),
		"timed":         rxgo.Defer([]rxgo.Producer{ticking}),
	} {
		t.Run(name, func(t *testing.T) { observabletest.Check(t, rxbridge.From[int](o)) })
	}
	// RxGo makes the channel of Never at once, and a bubble knows only its own.
	observabletest.Check(t, source.Defer(func() observable.Observable[int] { return rxbridge.From[int](rxgo.Never()) }))
}

// ticking sends an item every now and then until its context is done.
func ticking(ctx context.Context, next chan<- rxgo.Item) {
	for i := 0; ; i++ {
		select {
		case <-time.After(7 * time.Second):
		case <-ctx.Done():
			return
		}
		rxgo.Of(i).SendContext(ctx, next)
	}
}

func TestFromGivesItemsErrorsAndTypes(t *testing.T) {
	got, err := rxbridge.From[int](rxgo.Just(1, 2)()).Collect(t.Context())
	require.NoError(t, err)
	require.Equal(t, []int{1, 2}, got)

	got, err = rxbridge.From[int](rxgo.Just(1, errBridge, 2)()).Collect(t.Context())
	require.Equal(t, errBridge, err)
	require.Equal(t, []int{1}, got)

	got, err = rxbridge.From[int](rxgo.Just(1, "two")()).Collect(t.Context())
	require.Equal(t, &rxbridge.TypeError{Value: "two", Want: reflect.TypeFor[int]()}, err)
	require.EqualError(t, err, "rivulet: an item from RxGo is string, not int")
	require.Equal(t, []int{1}, got)

	mixed, err := rxbridge.From[any](rxgo.Just(1, "two")()).Collect(t.Context())
	require.NoError(t, err)
	require.Equal(t, []any{1, "two"}, mixed)
}

func TestFromANilItem(t *testing.T) {
	nothing := rxgo.Defer([]rxgo.Producer{func(ctx context.Context, next chan<- rxgo.Item) {
		rxgo.Of(nil).SendContext(ctx, next)
		rxgo.Of(nil).SendContext(ctx, next)
	}})
	pointers, err := rxbridge.From[*int](nothing).Collect(t.Context())
	require.NoError(t, err)
	require.Equal(t, []*int{nil, nil}, pointers)

	failures, err := rxbridge.From[error](nothing).Collect(t.Context())
	require.NoError(t, err)
	require.Equal(t, []error{nil, nil}, failures)

	_, err = rxbridge.From[int](nothing).Collect(t.Context())
	require.EqualError(t, err, "rivulet: an item from RxGo is <nil>, not int")
}

func TestFromDoesNotWaitForTheEndOfAChannel(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		items := make(chan rxgo.Item, 10) // which is never closed
		items <- rxgo.Of(0)
		first, err := rxbridge.From[int](rxgo.FromChannel(items)).First(t.Context())
		require.NoError(t, err)
		require.Equal(t, 0, first)
	})
}

func TestToGivesItemsErrorsAndCompletion(t *testing.T) {
	o := rxbridge.To(operators.Concat(source.Of(1, 2), source.Throw[int](errBridge)))
	for range 2 { // it is cold
		var values []interface{}
		var failures []error
		for item := range o.Observe() {
			if item.Error() {
				failures = append(failures, item.E)
			} else {
				values = append(values, item.V)
			}
		}
		require.Equal(t, []interface{}{1, 2}, values)
		require.Equal(t, []error{errBridge}, failures)
	}
	count, err := rxbridge.To(source.Range(1, 100)).Count().Get()
	require.NoError(t, err)
	require.EqualValues(t, 100, count.V)
}

func TestToEndsWithTheContextOfTheObserver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // which fails on a goroutine that is left
		ctx, cancel := context.WithCancel(t.Context())
		ended := false
		counting := operators.Finally(source.Repeat("x"), func(error) { ended = true })
		items := rxbridge.To(counting).Take(3).Observe(rxgo.WithContext(ctx))
		n := 0
		for range items {
			n++
		}
		require.Equal(t, 3, n)
		synctest.Wait()
		require.False(t, ended, "RxGo would tell that it has enough: To's doc says it does not")
		cancel()
		synctest.Wait()
		require.True(t, ended)
	})
}

// Each observer has a run of its own, and one that leaves does not end those of others.
func TestToWithSeveralObservers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var running atomic.Int32
		counted := source.Defer(func() observable.Observable[int] {
			running.Add(1)
			return operators.Finally(source.Interval(time.Second), func(error) { running.Add(-1) })
		})
		o := rxbridge.To(counted)
		first, leave := context.WithCancel(t.Context())
		_ = o.Observe(rxgo.WithContext(first)) // reads nothing
		second, end := context.WithCancel(t.Context())
		items := o.Observe(rxgo.WithContext(second))
		for i := range 3 {
			require.Equal(t, i, (<-items).V)
		}
		require.EqualValues(t, 2, running.Load())
		leave()
		synctest.Wait()
		require.EqualValues(t, 1, running.Load())
		require.Equal(t, 3, (<-items).V)
		end()
		synctest.Wait()
		require.Zero(t, running.Load())
		_, open := <-items
		require.False(t, open, "that it was canceled is no failure")
	})
}

func TestAFailureToEndIsLogged(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		before := slog.Default()
		slog.SetDefault(slog.New(slog.NewTextHandler(&log, nil)))
		defer slog.SetDefault(before)
		ctx, cancel := context.WithCancel(t.Context())
		rxbridge.To(func(ctx context.Context, _ func(int) bool) error {
			<-ctx.Done()
			return errors.Join(ctx.Err(), errBridge)
		}).Observe(rxgo.WithContext(ctx))
		cancel()
		synctest.Wait()
		require.Contains(t, log.String(), errBridge.Error())
	})
}

func TestThereAndBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		src := source.Range(0, 1000)
		got, err := rxbridge.From[int](rxbridge.To(src)).Collect(t.Context())
		require.NoError(t, err)
		want, _ := src.Collect(t.Context())
		require.Equal(t, want, got)

		failed := operators.Concat(src, source.Throw[int](errBridge))
		got, err = rxbridge.From[int](rxbridge.To(failed)).Collect(t.Context())
		require.Equal(t, errBridge, err)
		require.Equal(t, want, got)

		first, err := operators.Take(rxbridge.From[string](rxbridge.To(source.Repeat("x"))), 2).Collect(t.Context())
		require.NoError(t, err)
		require.Equal(t, []string{"x", "x"}, first)
	})
}
