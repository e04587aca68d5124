package operators

import (
	"context"
	"math"
	"time"

	"github.com/rivulet-go/rivulet/internal/engine"
	"github.com/rivulet-go/rivulet/internal/must"
	"github.com/rivulet-go/rivulet/observable"
)

var (
	// ErrSubscribed is the failure of a window or group that is run for the second time.
	ErrSubscribed = engine.ErrSubscribed
	// ErrCutOff is the failure of a window or group whose operator was stopped before its end.
	ErrCutOff = engine.ErrCutOff
)

// WindowCount emits the items of src in windows, streams of n items each; n must be positive. A window is emitted with its
// first item. The last window may be shorter.
//
//	src:         --a--b--c----d--e----|
//	WindowCount: --w----------x-------|   n: 3
//	w:             a--b--(c|)
//	x:                        d--e----|
//
// # Windows and groups
//
// The following applies to all windows, and to the groups of [GroupBy].
//
// A window can be run once: within emit, as [ConcatMap] does, or later in another goroutine, as [FlatMap] does. A second run
// fails with [ErrSubscribed]. If its reader stops early, the remaining items of the window are dropped.
//
// A window that is open when src ends completes or fails like src. If the run of the operator is canceled, open windows
// deliver their buffered items and then fail with the cause. If the run is stopped, as by [Take], they fail with
// [ErrCutOff]. So apply Take to the results, not to the windows.
//
// A window buffers up to n items, or 128 if windows have no n. When it is full, src waits for its reader. If a full window
// has no reader, and for one second all readers of other windows wait and nothing else downstream is at work, its items are
// dropped and a later run of it fails with an error that wraps [observable.ErrOverflow]. The usual cause is a [FlatMap]
// whose concurrency is less than the number of groups. An asynchronous stage in between, such as [ObserveOn], hides that
// downstream is at work: readers beyond it must come within the second.
//
// WindowCount starts one goroutine, and buffers up to three windows that wait to be emitted.
func WindowCount[T any](src observable.Observable[T], n int) observable.Observable[observable.Observable[T]] {
	if src == nil {
		panic("operators.WindowCount: nil source")
	}
	must.Positive("operators.WindowCount", "n", n)
	return windowed("WindowCount", n, func(ctx context.Context, w *windows[T]) error {
		return src(ctx, func(v T) bool { return w.put(v) && (w.count < n || w.next()) })
	})
}

// WindowTime emits the items of src in windows, streams of the items that came in a span of d, which must be positive. A
// window is emitted with its first item or, if it has none, when its span ends: windows hold the same items as the slices
// of [BufferTime], and there is no empty one at the end. See [WindowCount] for what applies to all windows.
//
//	src:        -a-b-------c-|
//	WindowTime: -w------x--y-|   d: 4 places
//	w:           a-b|
//	x:                  |
//	y:                     c-|
//
// WindowTime starts two goroutines. While src waits for the reader of a full window, the clock waits too.
func WindowTime[T any](src observable.Observable[T], d time.Duration) observable.Observable[observable.Observable[T]] {
	if src == nil {
		panic("operators.WindowTime: nil source")
	}
	must.Positive("operators.WindowTime", "d", d)
	return windowTime("WindowTime", src, d, math.MaxInt, engine.Capacity)
}

// WindowTimeOrCount is [WindowTime] except that a window also ends as soon as it has n items; the next span of d begins then.
// n must be positive.
func WindowTimeOrCount[T any](
	src observable.Observable[T], d time.Duration, n int,
) observable.Observable[observable.Observable[T]] {
	if src == nil {
		panic("operators.WindowTimeOrCount: nil source")
	}
	must.Positive("operators.WindowTimeOrCount", "d", d)
	must.Positive("operators.WindowTimeOrCount", "n", n)
	return windowTime("WindowTimeOrCount", src, d, n, n)
}

func windowTime[T any](
	name string, src observable.Observable[T], d time.Duration, n, size int,
) observable.Observable[observable.Observable[T]] {
	return windowed(name, size, func(ctx context.Context, w *windows[T]) error {
		return cutEvery(ctx, src, d, w.put, w.next, func() bool { return w.count >= n })
	})
}

// WindowWhen emits the items of src in windows, streams of the items that came between two items of boundary. A window is
// emitted with its first item or, if it has none, when it ends: windows hold the same items as the slices of [BufferWhen],
// and there is no empty one at the end. If boundary fails, the open window and the stream fail. See [WindowCount] for what
// applies to all windows.
//
// WindowWhen starts three goroutines.
func WindowWhen[T, B any](
	src observable.Observable[T], boundary observable.Observable[B],
) observable.Observable[observable.Observable[T]] {
	if src == nil || boundary == nil {
		panic("operators.WindowWhen: nil source or boundary")
	}
	return windowed("WindowWhen", engine.Capacity, func(ctx context.Context, w *windows[T]) error {
		return runBoth(ctx, src, w.put, boundary, func(B) bool { return w.next() })
	})
}

// windows are the branches of a run. Only the latest is open.
type windows[T any] struct {
	split   *engine.Split[struct{}, T]
	size    int
	current *engine.Branch[struct{}, T]
	count   int // items of the current one
}

func windowed[T any](
	name string, size int, route func(context.Context, *windows[T]) error,
) observable.Observable[observable.Observable[T]] {
	return func(ctx context.Context, emit func(observable.Observable[T]) bool) error {
		wrap := func(b *engine.Branch[struct{}, T]) observable.Observable[T] { return b.Run }
		return engine.RunSplit(ctx, name, emit, 1, wrap, func(ctx context.Context, s *engine.Split[struct{}, T]) error {
			return route(ctx, &windows[T]{split: s, size: size})
		})
	}
}

// put gives an item to the current window.
func (w *windows[T]) put(v T) bool {
	if !w.begin() {
		return false
	}
	w.count++
	return w.split.Put(w.current, v)
}

// next ends the current window.
func (w *windows[T]) next() bool {
	if !w.begin() {
		return false
	}
	w.split.End(w.current)
	w.current, w.count = nil, 0
	return true
}

// begin opens a window unless there is one. It returns false if the source has to stop.
func (w *windows[T]) begin() bool {
	if w.current == nil {
		w.current = w.split.Begin(struct{}{}, w.size)
	}
	return w.current != nil
}
