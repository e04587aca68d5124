package operators_test

import (
	"context"
	"runtime"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

func TestFinallyKeepsTheContract(t *testing.T) {
	checkSynchronous(t, func(src numbers) numbers { return operators.Finally(src, func(error) {}) })
}

// ends adds Finally to src and records the errors that it gets.
func ends(src numbers, errs *[]error) numbers {
	return operators.Finally(src, func(err error) { *errs = append(*errs, err) })
}

func TestFinallyTellsTheError(t *testing.T) {
	for name, test := range map[string]struct {
		src  numbers
		want error
	}{
		"complete": {source.Of(1, 2), nil},
		"empty":    {source.Empty[int](), nil},
		"failed":   {failing(1), errSource},
	} {
		t.Run(name, func(t *testing.T) {
			var errs []error
			src := ends(test.src, &errs)
			require.Empty(t, errs)
			err := src.ForEach(t.Context(), func(int) { require.Empty(t, errs) })
			require.Equal(t, test.want, err)
			require.Equal(t, []error{test.want}, errs)

			_, _ = src.Collect(t.Context())
			require.Equal(t, []error{test.want, test.want}, errs)
		})
	}
}

func TestFinallyOfAStoppedRun(t *testing.T) {
	var errs []error
	_, err := ends(source.Repeat(1), &errs).First(t.Context())
	require.NoError(t, err)
	_, err = ends(failingToStop, &errs).First(t.Context())
	require.Equal(t, errSource, err)
	require.Equal(t, []error{nil, errSource}, errs)
}

func TestFinallyOfACanceledRun(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	defer cancel(nil)
	var errs []error
	src := ends(source.Repeat(1), &errs)
	for range 2 { // during the run, and before it
		require.Equal(t, errOther, src.ForEach(ctx, func(int) { cancel(errOther) }))
	}
	require.Equal(t, []error{errOther, errOther}, errs)
}

func TestFinallyOfADisposedRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var errs []error
		s := ends(source.Never[int](), &errs).Subscribe(t.Context(), observable.Observer[int]{})
		synctest.Wait()
		require.Empty(t, errs)
		s.Dispose()
		require.NoError(t, s.Wait())
		require.Len(t, errs, 1)
		require.Error(t, errs[0])
	})
}

func TestFinallyInAPanic(t *testing.T) {
	var errs []error
	src := ends(source.Of(1), &errs)
	require.PanicsWithValue(t, "oops", func() { _ = src.ForEach(t.Context(), func(int) { panic("oops") }) })
	require.Len(t, errs, 1)
	require.EqualError(t, errs[0], "rivulet: the stream panicked")

	var goexit sync.WaitGroup
	goexit.Go(func() { _ = src.ForEach(t.Context(), func(int) { runtime.Goexit() }) })
	goexit.Wait()
	require.Len(t, errs, 2)
	require.Error(t, errs[1])
}

// f is called after the source has been stopped. An inner Finally calls its function before an outer one.
func TestFinallyFromTheSourceOn(t *testing.T) {
	var order []string
	note := func(what string) func(error) { return func(error) { order = append(order, what) } }
	resource := source.Using(
		func(context.Context) (int, error) { return 1, nil },
		func(v int) numbers { return source.Of(v, v) },
		func(int) error { note("source")(nil); return nil },
	)
	src := operators.Finally(operators.Finally(resource, note("inner")), note("outer"))
	for range 2 {
		_, err := src.First(t.Context())
		require.NoError(t, err)
		require.Equal(t, []string{"source", "inner", "outer"}, order)
		order = nil
	}
}

func TestMistakesInFinally(t *testing.T) {
	requirePanic(t, "operators.Finally: nil source or function", func() { operators.Finally(source.Of(1), nil) })
}
