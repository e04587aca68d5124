package operators

import (
	"context"
	"errors"
	"math"
	"sync/atomic"
	"time"

	"github.com/rivulet-go/rivulet/internal/cause"
	"github.com/rivulet-go/rivulet/internal/engine"
	"github.com/rivulet-go/rivulet/internal/must"
	"github.com/rivulet-go/rivulet/observable"
)

// ErrTimeout is the failure of [Timeout].
var ErrTimeout = errors.New("rivulet: the stream was silent for too long")

// Timeout emits the items of src. It fails with [ErrTimeout] if src neither emits nor ends for d, which must be positive. It
// completes and fails like src. The timer starts when the run starts and restarts each time downstream has processed an
// item.
//
//	src:     -1-2-----3-
//	Timeout: -1-2---#      d: 4 places
//
// On expiry Timeout cancels src and waits for its end before it fails. If an item or the end of src and the expiry fall
// on the same instant, one of them is chosen and the other does not happen.
//
// Timeout starts one goroutine, for the timer, and buffers nothing. The items of src do not change goroutine.
func Timeout[T any](src observable.Observable[T], d time.Duration) observable.Observable[T] {
	if src == nil {
		panic("operators.Timeout: nil source")
	}
	must.Positive("operators.Timeout", "d", d)
	return TimeoutWith(src, d, func(context.Context, func(T) bool) error { return ErrTimeout })
}

// TimeoutWith is [Timeout] except that on expiry it runs fallback instead of failing, and completes and fails like that. It
// starts fallback on the same goroutine when src has ended. d does not apply to fallback.
//
//	src:         -1-2-----3-
//	fallback:            a--b|
//	TimeoutWith: -1-2----a--b|   d: 4 places
func TimeoutWith[T any](
	src observable.Observable[T], d time.Duration, fallback observable.Observable[T],
) observable.Observable[T] {
	if src == nil || fallback == nil {
		panic("operators.TimeoutWith: nil source or fallback")
	}
	must.Positive("operators.TimeoutWith", "d", d)
	return func(ctx context.Context, emit func(T) bool) error {
		expired, err := runUntilSilent(ctx, src, d, emit)
		if !expired {
			return err
		}
		return cause.Join(fallback(ctx, emit), err)
	}
}

// runUntilSilent emits the items of src until src ends, or has been silent for d and was canceled.
func runUntilSilent[T any](
	ctx context.Context, src observable.Observable[T], d time.Duration, emit func(T) bool,
) (expired bool, err error) {
	g := engine.NewGroup(ctx)
	defer g.Close(&err)
	w := newWatchdog(d)
	g.Go(func() { w.watch(g) })
	out := engine.Gate[T]{Emit: func(v T) bool {
		if !w.pause() {
			return false
		}
		more := emit(v)
		if more {
			w.restart()
		}
		return more
	}}
	failure := engine.Run(g, g.Ctx, src, &out)
	switch {
	case !w.pause():
		return ctx.Err() == nil, context.Cause(ctx)
	case out.Stopped || failure != nil:
		return false, failure
	default:
		return false, context.Cause(ctx)
	}
}

// A watchdog expires when it was not restarted for d. Whether it expires or is paused is decided by one compare-and-swap.
type watchdog struct {
	d     time.Duration
	start time.Time
	due   atomic.Int64 // nanoseconds since start, or one of the following
}

const (
	paused = 0
	expiry = -1
)

func newWatchdog(d time.Duration) *watchdog {
	w := &watchdog{d: min(d, math.MaxInt64/2), start: time.Now()}
	w.restart()
	return w
}

// pause reports whether the watchdog has not expired, and will not before restart is called.
func (w *watchdog) pause() bool {
	due := w.due.Load()
	return due != expiry && w.due.CompareAndSwap(due, paused)
}

func (w *watchdog) restart() { w.due.Store(int64(time.Since(w.start) + w.d)) }

// watch cancels g when the watchdog expires. It sets a timer once for each d, not for each restart.
func (w *watchdog) watch(g *engine.Group) {
	timer := time.NewTimer(w.d)
	defer timer.Stop()
	for {
		select {
		case <-timer.C:
		case <-g.Ctx.Done():
			return
		}
		due := w.due.Load()
		left := time.Duration(due) - time.Since(w.start)
		switch {
		case due == paused:
			timer.Reset(w.d)
		case left > 0:
			timer.Reset(left)
		case w.due.CompareAndSwap(due, expiry):
			g.Cancel()
			return
		default:
			timer.Reset(w.d)
		}
	}
}
