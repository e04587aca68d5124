package operators_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/observabletest"
	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

// combination is an operator of several sources, also of an outer and an inner one.
type combination[T any] func(sources ...numbers) observable.Observable[T]

// checkSources tries every kind of source in the place of each of n. The results vary: who is first is chance.
func checkSources[T any](t *testing.T, n int, op combination[T]) {
	t.Helper()
	for i := range n {
		for _, other := range []numbers{source.Of(2, 7, 1), source.Interval(700 * time.Millisecond)} {
			t.Run(fmt.Sprintf("source %d", i+1), func(t *testing.T) {
				at := func(src numbers) observable.Observable[T] { return op(among(n, i, src, other)...) }
				checkOperator(t, at, observabletest.Varying())
			})
		}
	}
}

// checkFailures has each of n sources fail while the others are silent, which must end them at once.
func checkFailures[T any](t *testing.T, n int, op combination[T]) {
	t.Helper()
	for i := range n {
		t.Run(fmt.Sprintf("source %d fails", i+1), func(t *testing.T) {
			for _, src := range []numbers{source.Throw[int](errSource), failing(3, 1, 4)} {
				inBubble(t, func(t *testing.T) {
					ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
					defer cancel()
					err := op(among(n, i, src, silent)...).ForEach(ctx, func(T) {})
					require.Equal(t, errSource, err)
				})
			}
		})
	}
}

// checkTeardown makes each of n sources fail when it is canceled. The result must be that failure, joined to the cause.
func checkTeardown[T any](t *testing.T, n int, op combination[T]) {
	t.Helper()
	for i := range n {
		t.Run(fmt.Sprintf("source %d cannot close", i+1), func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				enough := errors.New("enough")
				ctx, cancel := context.WithCancelCause(t.Context())
				time.AfterFunc(time.Second, func() { cancel(enough) })
				err := op(among(n, i, sticky, silent)...).ForEach(ctx, func(T) {})
				require.EqualError(t, err, "enough\ncould not close")
				require.ErrorIs(t, err, enough)
				require.ErrorIs(t, err, errClose)
			})
		})
	}
}

// among returns n sources, all of them other but number i.
func among(n, i int, src, other numbers) []numbers {
	sources := slices.Repeat([]numbers{other}, n)
	sources[i] = src
	return sources
}

// flattening is an operator that runs a stream for every item of another.
type flattening[T any] func(outer numbers, f func(int) numbers) observable.Observable[T]

// checkFlattening tries an operator with every kind of outer and inner stream.
func checkFlattening[T any](t *testing.T, op flattening[T]) {
	t.Helper()
	checkSources(t, 2, op.both)
	for name, side := range map[string]combination[T]{"outer": op.outer, "inner": op.inner} {
		t.Run(name, func(t *testing.T) {
			checkFailures(t, 1, side)
			checkTeardown(t, 1, side)
		})
	}
}

func (op flattening[T]) both(sources ...numbers) observable.Observable[T] {
	return op(sources[0], always(sources[1]))
}

func (op flattening[T]) outer(sources ...numbers) observable.Observable[T] {
	return op(sources[0], always(silent))
}

func (op flattening[T]) inner(sources ...numbers) observable.Observable[T] {
	return op(operators.Concat(source.Of(1), silent), always(sources[0]))
}
