package operators

import (
	"context"
	"math"
	"time"

	"github.com/rivulet-go/rivulet/internal/must"
	"github.com/rivulet-go/rivulet/observable"
)

// WindowCount emits the items of src in windows, streams of n items each, n being positive. A window is emitted with
// its first item; the last one may be shorter.
//
//	src:         --a--b--c----d--e----|
//	WindowCount: --w----------x-------|   n: 3
//	w:             a--b--(c|)
//	x:                        d--e----|
//
// # Windows and groups
//
// This holds for all windows, and for the groups of [GroupBy].
//
// A window can be run once: within emit, as [ConcatMap] does, or later in another goroutine, as [FlatMap] does. A
// second run fails with [ErrSubscribed]. When its reader leaves early, the rest of the window is dropped.
//
// A window that is open when src ends ends as src does. When the run of the operator is cancelled it fails with the
// cause, and when that run is stopped, as by a [Take] of windows, with [ErrCutOff]: after the items that it has. So
// take a number of results rather than of windows.
//
// Items wait in a window until they are read: up to n of them or, if windows have no n, 128. Then src waits for the
// reader, or for somebody to become one, as long as downstream may be busy. But when for a second all readers of
// other windows waited for items and nothing else held emit up, nobody is going to read this one: it is given up, what
// belongs to it is dropped, and a run that comes later fails with [observable.ErrOverflow]. Where readers wait for
// items while emit is held up, the second is a minute: a [FlatMap] of more groups than it has places comes to that.
// An asynchronous stage in between, such as [ObserveOn], hides that downstream is busy: readers beyond it should come
// within the second.
//
// WindowCount is concurrent: it starts one goroutine. Up to three windows wait to be emitted.
func WindowCount[T any](src observable.Observable[T], n int) observable.Observable[observable.Observable[T]] {
	must.NotNil("operators.WindowCount", src)
	must.Positive("operators.WindowCount", "n", n)
	return windowed(n, func(ctx context.Context, w *windows[T]) error {
		return src(ctx, func(v T) bool { return w.put(v) && (w.count < n || w.next()) })
	})
}

// WindowTime emits the items of src in windows, streams of the items of d each, which must be positive. A window is
// emitted with its first item or, if it has none, when its time is over: they hold what the slices of [BufferTime] do,
// and there is no empty one at the end. See [WindowCount] for what goes for all windows.
//
//	src:        -a-b-------c-|
//	WindowTime: -w------x--y-|   d: 4 places
//	w:           a-b|
//	x:                  |
//	y:                     c-|
//
// WindowTime is concurrent: it starts two goroutines. While src waits for a window that is full, the clock does too.
func WindowTime[T any](src observable.Observable[T], d time.Duration) observable.Observable[observable.Observable[T]] {
	must.NotNil("operators.WindowTime", src)
	must.Positive("operators.WindowTime", "d", d)
	return windowTime(src, d, math.MaxInt, inboxSize)
}

// WindowTimeOrCount is [WindowTime] with windows that also end as soon as they have n items, n being positive. The time
// of the next one counts from then.
func WindowTimeOrCount[T any](
	src observable.Observable[T], d time.Duration, n int,
) observable.Observable[observable.Observable[T]] {
	must.NotNil("operators.WindowTimeOrCount", src)
	must.Positive("operators.WindowTimeOrCount", "d", d)
	must.Positive("operators.WindowTimeOrCount", "n", n)
	return windowTime(src, d, n, n)
}

func windowTime[T any](
	src observable.Observable[T], d time.Duration, n, size int,
) observable.Observable[observable.Observable[T]] {
	return windowed(size, func(ctx context.Context, w *windows[T]) error {
		return cutEvery(ctx, src, d, w.put, w.next, func() bool { return w.count >= n })
	})
}

// WindowWhen emits the items of src in windows, streams of the items between two items of boundary. A window is
// emitted with its first item or, if it has none, when it is over: they hold what the slices of [BufferWhen] do, and
// there is no empty one at the end. If boundary fails, so do the window and the stream. See [WindowCount] for what goes
// for all windows.
//
// WindowWhen is concurrent: it starts three goroutines.
func WindowWhen[T, B any](
	src observable.Observable[T], boundary observable.Observable[B],
) observable.Observable[observable.Observable[T]] {
	must.NotNil("operators.WindowWhen", src, boundary)
	return windowed(inboxSize, func(ctx context.Context, w *windows[T]) error {
		return beside(ctx, src, w.put, boundary, func(B) bool { return w.next() })
	})
}

// windows are the branches of a run of which only the latest is open.
type windows[T any] struct {
	*split[struct{}, T]
	size    int
	current *branch[struct{}, T]
	count   int // items of the current one
}

func windowed[T any](
	size int, route func(context.Context, *windows[T]) error,
) observable.Observable[observable.Observable[T]] {
	return func(ctx context.Context, emit func(observable.Observable[T]) bool) error {
		wrap := func(b *branch[struct{}, T]) observable.Observable[T] { return b.run }
		return runSplit(ctx, emit, 1, wrap, func(ctx context.Context, s *split[struct{}, T]) error {
			return route(ctx, &windows[T]{split: s, size: size})
		})
	}
}

// put gives an item to the current window.
func (w *windows[T]) put(v T) bool {
	if !w.begun() {
		return false
	}
	w.count++
	return w.split.put(w.current, v)
}

// next ends the current window.
func (w *windows[T]) next() bool {
	if !w.begun() {
		return false
	}
	w.end(w.current)
	w.current, w.count = nil, 0
	return true
}

// begun opens a window unless there is one.
func (w *windows[T]) begun() bool {
	if w.current == nil {
		w.current = w.begin(struct{}{}, w.size)
	}
	return w.current != nil
}
