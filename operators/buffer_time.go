package operators

import (
	"context"
	"math"
	"time"

	"github.com/rivulet-go/rivulet/internal/engine"
	"github.com/rivulet-go/rivulet/internal/must"
	"github.com/rivulet-go/rivulet/observable"
)

// BufferTime emits every d, which must be positive, the items that came since it did so before: an empty slice when
// there were none. When src completes it emits the rest at once, unless it is empty. When src fails the rest is
// dropped. The slices are the receiver's own.
//
//	src:        -1-2-------3-|
//	BufferTime: ----a---b---c(d|)   d: 4 places; a: [1 2], b: [], c: [3], and no d
//
// BufferTime is concurrent: it starts one goroutine. How much a slice holds is limited by d alone; for a limit see
// [BufferTimeOrCount].
func BufferTime[T any](src observable.Observable[T], d time.Duration) observable.Observable[[]T] {
	must.NotNil("operators.BufferTime", src)
	must.Positive("operators.BufferTime", "d", d)
	return bufferTime(src, d, math.MaxInt)
}

// BufferTimeOrCount is [BufferTime] that emits a slice also as soon as it has n items, n being positive. The time of
// the next one counts from then.
//
//	src:               -123----4-|
//	BufferTimeOrCount: --a---b---c|   d: 4 places, n: 2; a: [1 2], b: [3], c: [4]
func BufferTimeOrCount[T any](src observable.Observable[T], d time.Duration, n int) observable.Observable[[]T] {
	must.NotNil("operators.BufferTimeOrCount", src)
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

// cutEvery runs src, hands its items to keep, and calls cut every d and when full says so, from which d then counts.
func cutEvery[T any](
	ctx context.Context, src observable.Observable[T], d time.Duration, keep func(T) bool, cut, full func() bool,
) (err error) {
	h := newHub[T](ctx)
	defer h.close(&err)
	ticker := time.NewTicker(d)
	defer ticker.Stop()
	h.start(src)
	return h.eachOrTick(func(v T) bool {
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

// BufferWhen emits, at each item of boundary, the items that came since the one before: an empty slice when there
// were none. When src completes it emits the rest, unless it is empty; when src or boundary fails the rest is dropped.
// That boundary is complete only means that all that follows is the rest, as in RxJS (RxJava then completes).
// The slices are the receiver's own.
//
//	src:        -1-2-------3-|
//	boundary:   ----x---x-----
//	BufferWhen: ----a---b----(c|)   a: [1 2], b: [], c: [3]
//
// BufferWhen is concurrent: it starts two goroutines. How much a slice holds is limited by boundary alone.
func BufferWhen[T, B any](
	src observable.Observable[T], boundary observable.Observable[B],
) observable.Observable[[]T] {
	must.NotNil("operators.BufferWhen", src, boundary)
	return func(ctx context.Context, emit func([]T) bool) error {
		rest := newBuffer(emit)
		err := beside(ctx, src, rest.keep, boundary, func(B) bool { return rest.flush() })
		return rest.end(ctx, err)
	}
}

// buffer collects items until it is time to emit them.
type buffer[T any] struct {
	engine.Gate[[]T]
	items []T // never nil, as some formats have another word for that
}

func newBuffer[T any](emit func([]T) bool) *buffer[T] {
	return &buffer[T]{Gate: engine.Gate[[]T]{Emit: emit}, items: []T{}}
}

func (b *buffer[T]) keep(v T) bool {
	b.items = append(b.items, v)
	return true
}

// flush emits the items, also if there are none. A slice that was emitted is not used again; the next one begins with
// room for as many items, which is enough if they come steadily.
func (b *buffer[T]) flush() bool {
	const mostRoom = 256
	items := b.items
	b.items = make([]T, 0, min(len(items), mostRoom))
	return b.Send(items)
}

// end emits the rest when the source is complete, and returns how the run ended: with err, unless ctx was cancelled
// while the goroutines of the operator came to their end.
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
