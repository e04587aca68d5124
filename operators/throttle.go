package operators

import (
	"context"
	"time"

	"github.com/rivulet-go/rivulet/internal/clock"
	"github.com/rivulet-go/rivulet/internal/engine"
	"github.com/rivulet-go/rivulet/internal/must"
	"github.com/rivulet-go/rivulet/observable"
)

// ThrottleFirst emits an item and then none for d, then again the first that comes. The time counts from when
// downstream is done with the item, by the monotonic clock. With a d of 0 every item is emitted.
//
//	src:           -1-2-3----4-5--|
//	ThrottleFirst: -1--------4----|   d: 5 places
func ThrottleFirst[T any](src observable.Observable[T], d time.Duration) observable.Observable[T] {
	if src == nil {
		panic("operators.ThrottleFirst: nil source")
	}
	must.NotNegative("operators.ThrottleFirst", "d", d)
	return func(ctx context.Context, emit func(T) bool) error {
		var last time.Time
		return src(ctx, func(v T) bool {
			if !last.IsZero() && time.Since(last) < d {
				return true
			}
			more := emit(v)
			last = time.Now()
			return more
		})
	}
}

// ThrottleLatest emits the first item at once and then, while items keep coming, the latest one every d. An item that comes
// when none was emitted for d is emitted at once again. The time counts from when downstream has processed an item. d must
// be positive. Unlike [ThrottleFirst], ThrottleLatest does not lose the last item of a burst; unlike [Audit], it does not
// delay the first one.
//
// When src completes, ThrottleLatest emits the item that waits when its time has come, and completes. When src fails,
// ThrottleLatest drops the item and fails.
//
//	src:            -1-23-----4--5--678-|
//	ThrottleLatest: -1---3----4---5---8-|   d: 4 places
//
// ThrottleLatest starts one goroutine and buffers up to 128 items.
func ThrottleLatest[T any](src observable.Observable[T], d time.Duration) observable.Observable[T] {
	if src == nil {
		panic("operators.ThrottleLatest: nil source")
	}
	must.Positive("operators.ThrottleLatest", "d", d)
	return func(ctx context.Context, emit func(T) bool) (err error) {
		h := engine.NewHub[T](ctx, engine.Capacity)
		defer h.Close(&err)
		timer := clock.Stopped()
		defer timer.Stop()
		kept := latest[T]{Gate: engine.Gate[T]{Emit: emit}}
		running := false // the timer
		flush := func() bool {
			running = kept.waits
			more := kept.flush()
			if running {
				timer.Reset(d)
			}
			return more
		}
		h.Start(src)
		err = h.EachOrTick(func(v T) bool {
			kept.keep(v)
			return running || flush()
		}, timer.C, flush)
		if err != nil || kept.Stopped || !kept.waits {
			return err
		}
		return kept.flushAt(ctx, timer.C)
	}
}

// ThrottleLast emits the latest item every d, counted from the start of the run, unless src has emitted nothing since the
// previous time. It completes when src does, without emitting what came after the last time, and fails like src. It is
// [Sample] by time. d must be positive.
//
//	src:          -1-2----3-4-----5-|
//	ThrottleLast: -----2-----4------|   d: 5 places
//
// Times that pass while downstream is busy are skipped. ThrottleLast starts one goroutine and buffers up to 128 items.
func ThrottleLast[T any](src observable.Observable[T], d time.Duration) observable.Observable[T] {
	if src == nil {
		panic("operators.ThrottleLast: nil source")
	}
	must.Positive("operators.ThrottleLast", "d", d)
	return func(ctx context.Context, emit func(T) bool) (err error) {
		h := engine.NewHub[T](ctx, engine.Capacity)
		defer h.Close(&err)
		ticker := time.NewTicker(d)
		defer ticker.Stop()
		kept := latest[T]{Gate: engine.Gate[T]{Emit: emit}}
		h.Start(src)
		return h.EachOrTick(kept.keep, ticker.C, kept.flush)
	}
}
