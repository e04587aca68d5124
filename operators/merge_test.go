package operators_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

func TestMergeOfAllItems(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		got, err := operators.Merge(source.Of(1, 2, 3), source.Of[int](), source.Of(4, 5)).Collect(t.Context())
		require.NoError(t, err)
		require.ElementsMatch(t, []int{1, 2, 3, 4, 5}, got)
	})
}

func TestMergeKeepsTheContract(t *testing.T) {
	op := func(sources ...numbers) numbers { return operators.Merge(sources...) }
	checkSources(t, 3, op)
	checkFailures(t, 3, op)
	checkTeardown(t, 3, op)
}

func TestMergeOfNothingIsEmpty(t *testing.T) {
	got, err := operators.Merge[int]().Collect(t.Context())
	require.NoError(t, err)
	require.Empty(t, got)
}

func TestMergeStopsItsSources(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		got, err := operators.Take(operators.Merge(endless, endless, silent), 1000).Collect(t.Context())
		require.NoError(t, err)
		require.Len(t, got, 1000)
	})
}

func TestMergeFailsWithTheFirstFailure(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		boom := errors.New("boom")
		failing := func(context.Context, func(int) bool) error { return boom }
		_, err := operators.Merge(silent, failing, endless).Collect(t.Context())
		require.Equal(t, boom, err)
	})
}

// An error that does not say that the source was canceled is a failure of its own, which comes after the end.
func TestMergeDropsAFailureThatComesAfterItsEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		late := func(ctx context.Context, emit func(int) bool) error {
			emit(1)
			<-ctx.Done()
			return errSource
		}
		_, err := operators.Merge(late, silent).First(t.Context())
		require.NoError(t, err)
	})
}

// A source that could not stop cleanly says both that it was canceled and what has failed.
func TestMergeReportsASourceThatCannotClose(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sticky := func(ctx context.Context, emit func(int) bool) error {
			emit(1)
			<-ctx.Done()
			return errors.Join(context.Cause(ctx), errClose)
		}
		_, err := operators.Merge(sticky, silent).First(t.Context())
		require.Equal(t, errClose, err)
	})
}

func TestMergeThatWasStoppedHasNoFailure(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		late := func(context.Context, func(int) bool) error {
			time.Sleep(time.Second)
			return errSource
		}
		_, err := operators.Merge(late, source.Of(1)).First(t.Context())
		require.NoError(t, err)
	})
}

func TestMergeOfACancelledRunGivesTheCause(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cause := errors.New("enough")
		ctx, cancel := context.WithCancelCause(t.Context())
		n := 0
		err := operators.Merge[int](endless, silent).ForEach(ctx, func(int) {
			if n++; n == 500 {
				cancel(cause)
			}
		})
		require.Equal(t, cause, err)
		require.Equal(t, 500, n)
	})
}
