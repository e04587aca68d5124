package operators_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
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

var errClose = errors.New("could not close")

// sticky emits nothing and fails to end cleanly when it is canceled.
func sticky(ctx context.Context, _ func(int) bool) error {
	<-ctx.Done()
	return errors.Join(context.Cause(ctx), errClose)
}

// among returns n sources, all of them other but number i.
func among(n, i int, src, other numbers) []numbers {
	sources := slices.Repeat([]numbers{other}, n)
	sources[i] = src
	return sources
}

// inBubble runs a part of a test in a bubble of its own.
func inBubble(t *testing.T, part func(*testing.T)) {
	t.Helper()
	require.True(t, t.Run("", func(t *testing.T) { synctest.Test(t, part) }))
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

func always(inner numbers) func(int) numbers { return func(int) numbers { return inner } }

// pictures are inner streams: what a flattening operator is to run for an item.
type pictures map[string]string

func (p pictures) run(item string) observable.Observable[string] { return marbles(p[item]) }

// diary notes what happens, from any goroutine.
type diary struct {
	mu    sync.Mutex
	notes []string
}

func (d *diary) note(format string, args ...any) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.notes = append(d.notes, fmt.Sprintf(format, args...))
}

// life is src with its begin and its end in the diary. An end takes a second, as tearing down may.
func (d *diary) life(name string, src numbers) numbers {
	return func(ctx context.Context, emit func(int) bool) error {
		d.note("%s begins", name)
		err := src(ctx, emit)
		time.Sleep(time.Second)
		d.note("%s ends", name)
		return err
	}
}

// crowd counts how many runs of a stream there are at once.
type crowd struct{ now, most atomic.Int64 }

func (c *crowd) of(src numbers) numbers {
	return func(ctx context.Context, emit func(int) bool) error {
		n := c.now.Add(1)
		defer c.now.Add(-1)
		for most := c.most.Load(); n > most && !c.most.CompareAndSwap(most, n); most = c.most.Load() {
		}
		return src(ctx, emit)
	}
}

// requirePicture compares a stream with a picture, for whose letters values has the items.
func requirePicture[T any](t *testing.T, picture string, got observable.Observable[T], values map[rune]T) {
	t.Helper()
	require.True(t, t.Run(picture, func(t *testing.T) { _ = observabletest.ExpectMarbles(t, picture, got, values) }))
}
