package operators

import (
	"context"
	"math"
	"time"

	"github.com/rivulet-go/rivulet/internal/engine"
	"github.com/rivulet-go/rivulet/internal/must"
	"github.com/rivulet-go/rivulet/observable"
)

// BufferTime emits a slice of the items that came in each span of d, which must be positive; the slice is empty if none
// came. When src completes, BufferTime emits the remaining items, if there are any, and completes. When src fails, it drops
// them and fails. Each slice is newly allocated and belongs to the receiver.
//
//	src:        -1-2-------3-|
//	BufferTime: ----a---b---c(d|)   d: 4 places; a: [1 2], b: [], c: [3], and no d
//
// BufferTime starts one goroutine and buffers up to 128 items, in addition to the slice, whose size only d limits. For
// another limit, use [BufferTimeOrCount].
func BufferTime[T any](src observable.Observable[T], d time.Duration) observable.Observable[[]T] {
	if src == nil {
		panic("operators.BufferTime: nil source")
	}
	must.Positive("operators.BufferTime", "d", d)
	return bufferTime(src, d, math.MaxInt)
}

// BufferTimeOrCount is [BufferTime] except that it also emits a slice as soon as it has n items; the next span of d begins
// then. n must be positive.
//
//	src:               -123----4-|
//	BufferTimeOrCount: --a---b---c|   d: 4 places, n: 2; a: [1 2], b: [3], c: [4]
func BufferTimeOrCount[T any](src observable.Observable[T], d time.Duration, n int) observable.Observable[[]T] {
	if src == nil {
		panic("operators.BufferTimeOrCount: nil source")
	}
	must.Positive("operators.BufferTimeOrCount", "d", d)
	must.Positive("operators.BufferTimeOrCount", "n", n)
	return bufferTime(src, d, n)
}

func bufferTime[T any](src observable.Observable[T], d time.Duration, n int) observable.Observable[[]T] {
	return func(ctx context.Context, emit func([]T) bool) error {
		rest := newBuffer(emit)
		err := cutEvery(ctx, src, d, rest.keep, rest.flush, func() bool { return len(rest.items) >= n })
		return rest.end(ctx, err)
	}
}

// cutEvery runs src and calls keep for every item. It calls cut every d, and whenever full returns true after an item; then
// d begins again.
func cutEvery[T any](
	ctx context.Context, src observable.Observable[T], d time.Duration, keep func(T) bool, cut, full func() bool,
) (err error) {
	h := engine.NewHub[T](ctx, engine.Capacity)
	defer h.Close(&err)
	ticker := time.NewTicker(d)
	defer ticker.Stop()
	h.Start(src)
	return h.EachOrTick(func(v T) bool {
		if !keep(v) {
			return false
		}
		if !full() {
			return true
		}
		ticker.Reset(d)
		return cut()
	}, ticker.C, cut)
}

// BufferWhen emits a slice of the items that came between two items of boundary; the slice is empty if none came. When src
// completes, BufferWhen emits the remaining items, if there are any, and completes. If boundary completes, the remaining
// items are emitted as one slice when src completes, as in RxJS. (RxJava completes then.) When src or boundary fails,
// BufferWhen drops the items and fails. Each slice is newly allocated and belongs to the receiver.
//
//	src:        -1-2-------3-|
//	boundary:   ----x---x-----
//	BufferWhen: ----a---b----(c|)   a: [1 2], b: [], c: [3]
//
// BufferWhen starts two goroutines and buffers up to 128 items per source, in addition to the slice, whose size only
// boundary limits.
func BufferWhen[T, B any](
	src observable.Observable[T], boundary observable.Observable[B],
) observable.Observable[[]T] {
	if src == nil || boundary == nil {
		panic("operators.BufferWhen: nil source or boundary")
	}
	return func(ctx context.Context, emit func([]T) bool) error {
		rest := newBuffer(emit)
		err := runBoth(ctx, src, rest.keep, boundary, func(B) bool { return rest.flush() })
		return rest.end(ctx, err)
	}
}

// buffer collects items until flush emits them.
type buffer[T any] struct {
	engine.Gate[[]T]
	items []T // never nil, because JSON encodes nil differently
}

func newBuffer[T any](emit func([]T) bool) *buffer[T] {
	return &buffer[T]{Gate: engine.Gate[[]T]{Emit: emit}, items: []T{}}
}

func (b *buffer[T]) keep(v T) bool {
	b.items = append(b.items, v)
	return true
}

// flush emits the items, even if there are none. The next slice begins with room for as many items.
func (b *buffer[T]) flush() bool {
	const mostRoom = 256
	items := b.items
	b.items = make([]T, 0, min(len(items), mostRoom))
	return b.Send(items)
}

// end emits the remaining items if the source has completed, and returns the result of the run: err, or the cause of ctx if
// that was canceled while the operator stopped its goroutines.
func (b *buffer[T]) end(ctx context.Context, err error) error {
	switch {
	case err != nil || b.Stopped || len(b.items) == 0:
		return err
	case ctx.Err() != nil:
		return context.Cause(ctx)
	}
	b.flush()
	return nil
}
