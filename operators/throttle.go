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
	must.NotNil("operators.ThrottleFirst", src)
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

// ThrottleLast looks every d, which must be positive, from the beginning on, and emits the latest item if one has
// come since it looked before. What came after the last look is not emitted when src completes; for that see [Audit].
// It is [Sample] by time.
//
//	src:          -1-2----3-4-----5-|
//	ThrottleLast: -----2-----4------|   d: 5 places, so that it looks at 5, 10 and 15
//
// ThrottleLast is concurrent: it starts one goroutine. Looks that pass while downstream is busy are skipped.
func ThrottleLast[T any](src observable.Observable[T], d time.Duration) observable.Observable[T] {
	must.NotNil("operators.ThrottleLast", src)
	must.Positive("operators.ThrottleLast", "d", d)
	return func(ctx context.Context, emit func(T) bool) (err error) {
		h := newHub[T](ctx)
		defer h.close(&err)
		ticker := time.NewTicker(d)
		defer ticker.Stop()
		kept := latest[T]{Gate: engine.Gate[T]{Emit: emit}}
		h.start(src)
		return h.eachOrTick(kept.keep, ticker.C, kept.flush)
	}
}
