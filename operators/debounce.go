package operators

import (
	"context"
	"time"

	"github.com/rivulet-go/rivulet/internal/clock"
	"github.com/rivulet-go/rivulet/internal/engine"
	"github.com/rivulet-go/rivulet/internal/must"
	"github.com/rivulet-go/rivulet/observable"
)

// Debounce emits an item when none has followed it for d, which must be positive. What waits when src completes is
// emitted at once; when src fails it is dropped.
//
//	src:      -1-2--3--------4-|
//	Debounce: ----------3------(4|)   d: 4 places
//
// Debounce is concurrent: it starts one goroutine.
func Debounce[T any](src observable.Observable[T], d time.Duration) observable.Observable[T] {
	must.NotNil("operators.Debounce", src)
	must.Positive("operators.Debounce", "d", d)
	return held(src, d, true)
}

// held emits the latest item when a timer of d fires. Each item starts it anew or, without restart, only one that comes
// when none waits. When src completes, what waits is emitted at once or, without restart, at its time.
func held[T any](src observable.Observable[T], d time.Duration, restart bool) observable.Observable[T] {
	return func(ctx context.Context, emit func(T) bool) (err error) {
		h := newHub[T](ctx)
		defer h.close(&err)
		timer := clock.Stopped()
		defer timer.Stop()
		kept := latest[T]{Gate: engine.Gate[T]{Emit: emit}}
		h.start(src)
		err = h.eachOrTick(func(v T) bool {
			if restart || !kept.waits {
				timer.Reset(d)
			}
			return kept.keep(v)
		}, timer.C, kept.flush)
		if err != nil || kept.Stopped || !kept.waits {
			return err
		}
		if restart {
			timer.Reset(0) // nothing will follow
		}
		select {
		case <-timer.C:
			kept.flush()
			return nil
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}
