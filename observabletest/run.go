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

	"github.com/rivulet-go/rivulet/observable"
)

// errCause is the cause with which Check cancels.
var errCause = errors.New("observabletest: the cause with which Check cancelled")

// mayFollow is how many items may come after a cancel: what a full queue and its batch hold.
const mayFollow = 256

// run is one run of the Observable and what is seen of it.
type run[T any] struct {
	*trial[T]
	id      string
	cancel  context.CancelCauseFunc
	reached chan struct{} // closed at the item waitAt
	done    chan struct{}

	mu        sync.Mutex // an Observable that breaks the rules calls emit from anywhere
	goroutine string
	frame     uintptr // of the last call of emit whose goroutine was the right one
	items     []T
	err       error
	stopped   bool      // emit has returned false
	cancelled bool      // the context was cancelled
	asked     time.Time // when the first of both happened
	late      int       // items that came after that
	silence   int       // how often the run looked whether the context is done, since the last item
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
		r.goroutine = goroutineID()
		r.mu.Unlock()
		labelled(impatient[T]{ctx, r}, r.id, func(ctx context.Context) {
			err := o(ctx, r.emit)
			r.mu.Lock()
			defer r.mu.Unlock()
			r.returned, r.err = true, err
			r.judge(r, err)
		})
	}()
}

func (r *run[T]) emit(v T) bool {
	r.sleep()
	goOn, kill := r.take(v)
	if kill {
		runtime.Goexit() // it would go on for ever
	}
	return goOn
}

// sleep is what a slow consumer does. A run cannot notice before the end of it that it was cancelled meanwhile.
func (r *run[T]) sleep() {
	began := time.Now()
	time.Sleep(r.pause)
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.cancelled && !r.asked.Before(began) {
		r.asked = time.Now()
	}
}

// take notes an item and tells whether the run is to go on, and whether it is past remedy.
func (r *run[T]) take(v T) (goOn, kill bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.silence = 0
	n := len(r.items) + r.late + 1
	if r.returned {
		r.fail(serial, "item %d (%v) was emitted after the run had returned", n, v)
		return false, true
	}
	if !r.atHome() {
		r.fail(serial, "emit was called on another goroutine than the Observable")
	}
	switch {
	case r.stopped:
		r.late++
		r.fail(stopping, "item %d (%v) was emitted after emit had returned false", n, v)
		return false, r.late > 2*mayFollow
	case r.cancelled:
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

// atHome tells whether it is called on the goroutine of the run. To know a goroutine takes its whole stack trace, so a
// call from the same address as the last one passes without: the stack of another goroutine is elsewhere. (It could
// only be there if the stack of this one had been moved since, and then not for all items of all runs.)
func (r *run[T]) atHome() bool {
	var here byte
	frame := uintptr(unsafe.Pointer(&here))
	if frame != r.frame && r.goroutine == goroutineID() {
		r.frame = frame
	}
	return frame == r.frame
}

// takeLate tells whether the run may go on though its context is cancelled.
func (r *run[T]) takeLate(n int, v T) bool {
	switch took := time.Since(r.asked); {
	case r.cancelAt == 0:
		r.fail(cancelling, "item %d (%v) was emitted though the context was done before the run", n, v)
	case took > r.world.prompt:
		r.fail(cancelling, "item %d (%v) was emitted %v after its context had been cancelled", n, v, took)
	case r.late > mayFollow:
		r.fail(cancelling, "more than %d items were emitted after its context had been cancelled", mayFollow)
	default:
		return true
	}
	r.stopped = true
	return false
}

func (r *run[T]) stopLocked() {
	if r.stopped = true; !r.cancelled {
		r.asked = time.Now()
	}
}

func (r *run[T]) cancelLocked() {
	if !r.cancelled && !r.stopped {
		r.cancelled, r.asked = true, time.Now()
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

// impatient is the context of a run. A run that computes for ever without an item stops the clock of its bubble, so
// that nobody else could cancel it: it does so itself when it has asked often enough.
type impatient[T any] struct {
	context.Context
	run *run[T]
}

func (c impatient[T]) Err() error {
	if c.run.computes() {
		c.run.cancelNow()
	}
	return c.Context.Err()
}

// computes tells whether the run has looked at its context for too long without an item.
func (r *run[T]) computes() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.silence++
	return r.silence > 1<<16
}

// watch waits for the run to return and ends it if it does not by itself.
func (r *run[T]) watch() {
	defer r.cancel(errCause)
	if r.waitAt != never && r.wait(r.reached, r.world.look) {
		r.world.settle()
		r.cancelNow()
	}
	if r.wait(r.done, r.world.look) {
		return
	}
	if !r.told() {
		r.cancelNow()
	}
	if !r.wait(r.done, r.world.patience) && !r.hung.Swap(true) {
		r.fail(r.culprit(), "it had not returned %v after it was told to", r.world.patience)
	}
}

// wait tells whether ch was closed, or the run ended, before d had passed.
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

// told tells whether the run was told to end.
func (r *run[T]) told() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.stopped || r.cancelled
}

// culprit is the rule that the run breaks when something is left of it, or it is not over.
func (r *run[T]) culprit() rule {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case r.returned:
		return structured
	default:
		return r.toldBy()
	}
}

// toldBy is the rule by which the run must end. The caller has the lock.
func (r *run[T]) toldBy() rule {
	if r.stopped {
		return stopping
	}
	return cancelling
}

func (r *run[T]) result() result[T] {
	r.mu.Lock()
	defer r.mu.Unlock()
	return result[T]{items: r.items, err: r.err, ended: r.returned && !r.stopped && !r.cancelled}
}
