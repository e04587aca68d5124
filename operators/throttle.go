package operators

import (
	"context"
	"time"

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
