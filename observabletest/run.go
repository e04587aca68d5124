package observabletest

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"time"
	"unsafe"

	"github.com/rivulet-go/rivulet/internal/goroutines"
	"github.com/rivulet-go/rivulet/observable"
)

// errCause is the cause with which Check cancels a context.
var errCause = errors.New("observabletest: the cause with which Check canceled")

// mayFollow is how many items may follow a cancel: those in a full queue and its batch.
const mayFollow = 256

// run is one run of the Observable, and what Check observes of it.
type run[T any] struct {
	*trial[T]
	id      string
	cancel  context.CancelCauseFunc
	reached chan struct{} // closed at the item waitAt
	done    chan struct{}

	mu        sync.Mutex // An Observable that breaks the rules may call emit from any goroutine.
	goroutine uint64
	frame     uintptr // of the last call of emit on the right goroutine
	items     []T
	err       error
	stopped   bool      // emit has returned false
	canceled  bool      // the context was canceled
	endedAt   time.Time // when the first of both happened
	late      int       // the number of items since then
	silence   int       // how often the run has looked at its context since the last item
	returned  bool
}

// lastRun numbers the runs of the process.
var lastRun atomic.Int64

func (r *run[T]) start(o observable.Observable[T]) {
	r.id = fmt.Sprint(lastRun.Add(1))
	r.reached, r.done = make(chan struct{}), make(chan struct{})
	ctx, cancel := context.WithCancelCause(context.Background())
	r.cancel = cancel
	if r.cancelAt == 0 {
		r.cancelNow()
	}
	if r.waitAt == 0 {
		close(r.reached)
	}
	go func() {
		defer close(r.done)
		r.mu.Lock()
		r.goroutine = goroutines.ID()
		r.mu.Unlock()
		labeled(countingContext[T]{ctx, r}, r.id, func(ctx context.Context) {
			err := o(ctx, r.emit)
			r.mu.Lock()
			defer r.mu.Unlock()
			r.returned, r.err = true, err
			r.checkReturn(r, err)
		})
	}()
}

func (r *run[T]) emit(v T) bool {
	r.sleep()
	more, endless := r.take(v)
	if endless {
		runtime.Goexit()
	}
	return more
}

// sleep takes the time of a slow consumer. A run cannot notice before the end of it that it was canceled meanwhile.
func (r *run[T]) sleep() {
	began := time.Now()
	time.Sleep(r.pause)
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.canceled && !r.endedAt.Before(began) {
		r.endedAt = time.Now()
	}
}

// take records an item. more is what emit returns. endless reports that the run would ignore it indefinitely.
func (r *run[T]) take(v T) (more, endless bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.silence = 0
	n := len(r.items) + r.late + 1
	if r.returned {
		r.fail(serial, "item %d (%v) was emitted after the run had returned", n, v)
		return false, true
	}
	if !r.onOwnGoroutine() {
		r.fail(serial, "emit was called on another goroutine than the Observable")
	}
	switch {
	case r.stopped:
		r.late++
		r.fail(stopping, "item %d (%v) was emitted after emit had returned false", n, v)
		return false, r.late > 2*mayFollow
	case r.canceled:
		r.late++
		return r.takeLate(n, v), false
	}
	r.items = append(r.items, v)
	if n == r.cancelAt {
		r.cancelLocked()
	}
	if n == r.waitAt {
		close(r.reached)
	}
	if n == r.stopAt {
		r.stopLocked()
	}
	return !r.stopped, false
}

// onOwnGoroutine reports whether the caller is on the goroutine of the run. A goroutine's number takes a whole stack
// trace, so a call with the stack frame of the last one passes without: the stack of another goroutine is elsewhere.
// It is in the same place only if the stack of this goroutine was moved since, which does not happen at each item of
// each run.
func (r *run[T]) onOwnGoroutine() bool {
	var here byte
	frame := uintptr(unsafe.Pointer(&here))
	if frame != r.frame && r.goroutine == goroutines.ID() {
		r.frame = frame
	}
	return frame == r.frame
}

// takeLate reports whether a canceled run may emit more items.
func (r *run[T]) takeLate(n int, v T) bool {
	switch took := time.Since(r.endedAt); {
	case r.cancelAt == 0:
		r.fail(canceling, "item %d (%v) was emitted although the context was canceled before the run", n, v)
	case took > r.world.prompt:
		r.fail(canceling, "item %d (%v) was emitted %v after its context had been canceled", n, v, took)
	case r.late > mayFollow:
		r.fail(canceling, "more than %d items were emitted after its context had been canceled", mayFollow)
	default:
		return true
	}
	r.stopped = true
	return false
}

// stopLocked must be called with r.mu held.
func (r *run[T]) stopLocked() {
	if r.stopped = true; !r.canceled {
		r.endedAt = time.Now()
	}
}

// cancelLocked must be called with r.mu held.
func (r *run[T]) cancelLocked() {
	if !r.canceled && !r.stopped {
		r.canceled, r.endedAt = true, time.Now()
	}
	r.cancel(errCause)
}

func (r *run[T]) cancelNow() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.returned {
		r.cancelLocked()
	}
}

// countingContext is the context of a run. A run that computes indefinitely without an item stops the clock of its
// bubble, so that Check could not cancel it. The context cancels itself when the run has looked at it often enough.
type countingContext[T any] struct {
	context.Context
	run *run[T]
}

func (c countingContext[T]) Err() error {
	if c.run.computes() {
		c.run.cancelNow()
	}
	return c.Context.Err()
}

// computes reports whether the run has looked at its context too often without an item.
func (r *run[T]) computes() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.silence++
	return r.silence > 1<<16
}

// watch waits for the run to return, and cancels it if it does not return by itself.
func (r *run[T]) watch() {
	defer r.cancel(errCause)
	if r.waitAt != never && r.wait(r.reached, r.world.observation) {
		r.world.settle()
		r.cancelNow()
	}
	if r.wait(r.done, r.world.observation) {
		return
	}
	if !r.mustReturn() {
		r.cancelNow()
	}
	if !r.wait(r.done, r.world.limit) && !r.hung.Swap(true) {
		r.fail(r.brokenRule(), "it had not returned %v after the stop or cancel", r.world.limit)
	}
}

// wait reports whether ch was closed, or the run ended, before d had passed.
func (r *run[T]) wait(ch chan struct{}, d time.Duration) bool {
	select {
	case <-ch:
		return true
	case <-r.done:
		return true
	case <-time.After(d):
		return false
	}
}

func (r *run[T]) hasReturned() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.returned
}

// mustReturn reports whether the run was stopped or canceled.
func (r *run[T]) mustReturn() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.stopped || r.canceled
}

// brokenRule returns the rule that the run breaks if it, or a goroutine of it, has not ended.
func (r *run[T]) brokenRule() rule {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.returned {
		return structured
	}
	return r.stopRule()
}

// stopRule returns the rule by which the run must end. It must be called with r.mu held.
func (r *run[T]) stopRule() rule {
	if r.stopped {
		return stopping
	}
	return canceling
}

func (r *run[T]) result() result[T] {
	r.mu.Lock()
	defer r.mu.Unlock()
	return result[T]{items: r.items, err: r.err, ended: r.returned && !r.stopped && !r.canceled}
}
