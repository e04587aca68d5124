package source_test

import (
	"context"
	"fmt"
	"iter"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/source"
)

func double(n int) (int, int, bool) { return n, 2 * n, true }

func tens(n int) (int, int, bool) { return 10 * n, n + 1, n < 3 }

func naturals(yield func(int) bool) {
	for i := 0; yield(i); i++ {
	}
}

func TestValues(t *testing.T) {
	for name, test := range map[string]struct {
		source observable.Observable[int]
		want   []int
	}{
		"Of":                 {source.Of(3, 1, 2), []int{3, 1, 2}},
		"Of nothing":         {source.Of[int](), nil},
		"FromSlice":          {source.FromSlice([]int{1, 2}), []int{1, 2}},
		"FromSlice of nil":   {source.FromSlice[int](nil), nil},
		"FromSeq":            {source.FromSeq(slices.Values([]int{1, 2})), []int{1, 2}},
		"Range":              {source.Range(5, 3), []int{5, 6, 7}},
		"Range from below 0": {source.Range(-1, 3), []int{-1, 0, 1}},
		"Range of none":      {source.Range(5, 0), nil},
		"Range to the last":  {source.Range(math.MaxInt-1, 2), []int{math.MaxInt - 1, math.MaxInt}},
		"Range of none, max": {source.Range(math.MinInt, 0), nil},
		"Generate":           {source.Generate(1, tens), []int{10, 20}},
		"Generate of none":   {source.Generate(1, func(int) (int, int, bool) { return 7, 7, false }), nil},
		"FromFunc":           {source.FromFunc(func(context.Context) (int, error) { return 4, nil }), []int{4}},
	} {
		t.Run(name, func(t *testing.T) {
			for range 2 { // each run starts again
				got, err := test.source.Collect(t.Context())
				require.NoError(t, err)
				require.Equal(t, test.want, got)
			}
			if len(test.want) > 0 {
				require.Equal(t, test.want[:1], stopAt(t, test.source, 1))
				requireCancel(t, test.source, len(test.want))
			}
			requireCancel(t, test.source, 0)
		})
	}
}

func TestEndlessSourcesStopAndCancelAtTheItem(t *testing.T) {
	for name, src := range map[string]observable.Observable[int]{
		"Range":    source.Range(0, math.MaxInt),
		"Repeat":   source.Repeat(1),
		"Generate": source.Generate(1, double),
		"FromSeq":  source.FromSeq(naturals),
		"FromSeq2": source.FromSeq2(withoutError(naturals)),
	} {
		t.Run(name, func(t *testing.T) {
			for n := 1; n < 5; n++ {
				require.Len(t, stopAt(t, src, n), n)
				requireCancel(t, src, n)
			}
			requireCancel(t, src, 0)
		})
	}
}

func withoutError[T any](seq iter.Seq[T]) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for v := range seq {
			if !yield(v, nil) {
				return
			}
		}
	}
}

// An iterator may take long to compute a value. A run does not ask for a value that it will not emit, and does not emit
// a value that was computed after ctx was canceled.
func TestSequencesAreNotAskedForMore(t *testing.T) {
	asked := 0
	counting := func(yield func(int) bool) {
		for asked = 1; yield(asked); asked++ {
		}
	}
	for name, src := range map[string]observable.Observable[int]{
		"FromSeq":  source.FromSeq(counting),
		"FromSeq2": source.FromSeq2(withoutError(counting)),
		"Generate": source.Generate(1, func(n int) (int, int, bool) { asked = n; return n, n + 1, true }),
	} {
		t.Run(name, func(t *testing.T) {
			stopAt(t, src, 3)
			require.Equal(t, 3, asked)
			requireCancel(t, src, 2)
			require.Equal(t, 2, asked)
			asked = 0
			requireCancel(t, src, 0)
			require.Zero(t, asked)
		})
	}
}

func TestFromSeqCanceledWhileItMakesAValue(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	got, err := source.FromSeq(func(yield func(int) bool) {
		if yield(1) {
			cancel(errCanceled)
			yield(2)
		}
	}).Collect(ctx)
	require.Equal(t, errCanceled, err)
	require.Equal(t, []int{1}, got)
}

func TestFromSeq2EndsWithTheFirstError(t *testing.T) {
	seq := func(yield func(int, error) bool) {
		_ = yield(1, nil) && yield(2, errTest) && yield(3, nil)
	}
	got, err := source.FromSeq2(seq).Collect(t.Context())
	require.Equal(t, errTest, err)
	require.Equal(t, []int{1}, got)
}

func TestFromSeq2IsTheInverseOfAll(t *testing.T) {
	src := source.FromSeq2(observable.Observable[int](func(_ context.Context, emit func(int) bool) error {
		emit(1)
		return errTest
	}).All(t.Context()))
	got, err := src.Collect(t.Context())
	require.Equal(t, errTest, err)
	require.Equal(t, []int{1}, got)
}

func TestFromFuncFails(t *testing.T) {
	_, err := source.FromFunc(func(context.Context) (int, error) { return 1, errTest }).Collect(t.Context())
	require.Equal(t, errTest, err)
}

func TestFromFuncCanceled(t *testing.T) {
	for name, result := range map[string]func(context.Context) error{
		"fails with ctx.Err":           context.Context.Err,
		"fails with an error round it": func(ctx context.Context) error { return fmt.Errorf("dial: %w", ctx.Err()) },
		"succeeds late":                func(context.Context) error { return nil },
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithCancelCause(t.Context())
			got, err := source.FromFunc(func(ctx context.Context) (int, error) {
				cancel(errCanceled)
				return 1, result(ctx)
			}).Collect(ctx)
			require.Equal(t, errCanceled, err)
			require.Empty(t, got)
		})
	}
}

func TestMistakesInValues(t *testing.T) {
	requirePanic(t, "source.Range: count is -1, it must not be negative", func() { source.Range(0, -1) })
	tooMany := fmt.Sprint("source.Range: 2 integers from ", math.MaxInt, " on")
	requirePanic(t, tooMany, func() { source.Range(math.MaxInt, 2) })
	requirePanic(t, "source.FromSeq: nil iterator", func() { source.FromSeq[int](nil) })
	requirePanic(t, "source.FromSeq2: nil iterator", func() { source.FromSeq2[int](nil) })
	requirePanic(t, "source.Generate: nil function", func() { source.Generate[int, int](1, nil) })
	requirePanic(t, "source.FromFunc: nil function", func() { source.FromFunc[int](nil) })
}
