package operators

import (
	"context"
	"time"

	"github.com/rivulet-go/rivulet/internal/clock"
	"github.com/rivulet-go/rivulet/internal/engine"
	"github.com/rivulet-go/rivulet/internal/must"
	"github.com/rivulet-go/rivulet/observable"
)

// Debounce emits an item when src has emitted no other for d, which must be positive. When src completes, Debounce emits the
// item that waits and completes. When src fails, Debounce drops the item and fails.
//
//	src:      -1-2--3--------4-|
//	Debounce: ----------3------(4|)   d: 4 places
//
// Debounce starts one goroutine and buffers up to 128 items.
func Debounce[T any](src observable.Observable[T], d time.Duration) observable.Observable[T] {
	if src == nil {
		panic("operators.Debounce: nil source")
	}
	must.Positive("operators.Debounce", "d", d)
	return held(src, d, true)
}

// held emits the latest item when a timer of d fires. With restart, each item restarts the timer; without, only an item
// that comes when none waits starts it. When src completes, the item that waits is emitted at once with restart, and when
// the timer fires without.
func held[T any](src observable.Observable[T], d time.Duration, restart bool) observable.Observable[T] {
	return func(ctx context.Context, emit func(T) bool) (err error) {
		h := engine.NewHub[T](ctx, engine.Capacity)
		defer h.Close(&err)
		timer := clock.Stopped()
		defer timer.Stop()
		kept := latest[T]{Gate: engine.Gate[T]{Emit: emit}}
		h.Start(src)
		err = h.EachOrTick(func(v T) bool {
			if restart || !kept.waits {
				timer.Reset(d)
			}
			return kept.keep(v)
		}, timer.C, kept.flush)
		if err != nil || kept.Stopped || !kept.waits {
			return err
		}
		if restart {
			timer.Reset(0) // no item follows
		}
		return kept.flushAt(ctx, timer.C)
	}
}

// flushAt emits the item that waits when the timer fires. It returns the cause if ctx is canceled first.
func (l *latest[T]) flushAt(ctx context.Context, timer <-chan time.Time) error {
	select {
	case <-timer:
		l.flush()
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
