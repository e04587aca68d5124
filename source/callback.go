package source

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/rivulet-go/rivulet/internal/cause"
	"github.com/rivulet-go/rivulet/internal/engine"
	"github.com/rivulet-go/rivulet/internal/queue"
	"github.com/rivulet-go/rivulet/observable"
)

// FromCallback emits the items that a callback passes to an [Emitter]. Each run calls register, which registers the
// callback and returns how to unregister it: the result stop, which the run calls exactly once before it returns. stop
// may be nil if the callback needs nothing but the context of register, which is canceled when the run ends.
//
// The run completes or fails when the callback calls [Emitter.End]. If register fails, the run fails with its error;
// stop is then ignored, and items that were sent already are discarded. When the run ends, for whatever reason, it first
// cancels the context of register, which ends every wait in Next, and then calls stop. A panic in emit does the same.
// After a panic in register there is no stop to call.
//
// Up to capacity items, 1 or more, wait for the consumer, in addition to the batch of up to 256 that it has taken.
// overflow says what happens to an item when that many wait:
//   - [observable.Block]: Next waits. Nothing is lost. Next does not wait while register runs, or when it is called from
//     within emit, because no item can be taken then: the buffer grows beyond capacity instead.
//   - [observable.DropOldest]: the item that has waited longest is dropped. Next returns true.
//   - [observable.DropNewest]: the item is dropped. Next returns false.
//   - [observable.Fail]: the run fails with [observable.ErrOverflow] and drops the items that wait. Next returns false.
//
// Dropped items are counted, and a warning with their number is logged with [slog.Default]: at the first one, then at
// most once a minute, and at the end of the run.
//
// FromCallback starts no goroutine. Items are emitted on the goroutine of the run, which runs register as well.
//
//	register:     +---------------
//	Next:         --1--2--3-------
//	End(nil):     -----------x
//	FromCallback: --1--2--3--|
//	stop:         -----------x
func FromCallback[T any](
	capacity int, overflow observable.Overflow,
	register func(ctx context.Context, e Emitter[T]) (stop func(), err error),
) observable.Observable[T] {
	switch {
	case register == nil:
		panic("source.FromCallback: nil register")
	case capacity <= 0:
		panic(fmt.Sprintf("source.FromCallback: capacity is %d, it must be positive", capacity))
	case overflow < observable.Block || overflow > observable.Fail:
		panic(fmt.Sprintf("source.FromCallback: overflow is %d, which is no policy", overflow))
	}
	return func(ctx context.Context, emit func(T) bool) error {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		r := newCallbackRun[T](ctx, capacity, overflow)
		defer r.close()
		return r.run(ctx, emit, register)
	}
}

// Emitter passes the items of a callback to a run of [FromCallback]. Its methods may be called from any goroutine, at
// any time: also by several at once, from within the function that registers the callback, and after the run.
type Emitter[T any] struct {
	run *callbackRun[T]
}

// Next sends an item to the run and reports whether the run has taken it. It returns false after the end of the run,
// after [Emitter.End], and when the item was dropped because the buffer was full. Items that one goroutine sends keep
// their order.
//
// Next waits only under [observable.Block], until there is room or the run ends.
func (e Emitter[T]) Next(v T) bool { return e.run.next(v) }

// End ends the run after the items that were sent before: the run completes if err is nil, else it fails with err.
// Only the first call counts. End does not wait.
func (e Emitter[T]) End(err error) { e.run.end(err) }

// callbackRun is a run of FromCallback.
type callbackRun[T any] struct {
	ctx    context.Context // of register; done when the run ends
	cancel context.CancelFunc
	log    *queue.Log[T] // with one reader
	drops  drops
	stop   func() // nil before register has returned

	registered atomic.Bool // register has returned
	mu         sync.Mutex  // guards what follows
	early      []T         // under Block, what was sent before register returned
	ended      bool        // End was called before register returned
	err        error       // of that End
	refused    bool        // under DropNewest: the item that is being appended was dropped
}

func newCallbackRun[T any](ctx context.Context, capacity int, overflow observable.Overflow) *callbackRun[T] {
	r := &callbackRun[T]{}
	r.ctx, r.cancel = context.WithCancel(ctx)
	r.log = queue.NewLog[T](queue.LogConfig{
		Capacity: capacity, Overflow: queue.Overflow(overflow), Dropped: r.dropped, Reentrant: true,
	})
	return r
}

// run calls register from within the first emit of its reader, for an item that is there for nothing else. A log that
// is Reentrant knows the goroutine of an emit, so an item that is sent from within emit never waits for the reader,
// whether that emit is called here or by the reader.
func (r *callbackRun[T]) run(
	ctx context.Context, emit func(T) bool, register func(context.Context, Emitter[T]) (func(), error),
) error {
	var failure error
	begun := false
	begin := func() bool {
		stop, err := register(r.ctx, Emitter[T]{r})
		if err != nil {
			failure = cause.Join(r.endedWith(), cause.Of(ctx, err))
			return false
		}
		r.stop = stop
		more, err := engine.SendAll(ctx, emit, r.setRegistered())
		return more || err != nil // the reader looks at ctx itself
	}
	reader := r.log.Join()
	var first T
	r.log.Append(nil, first)
	err := reader.Run(ctx, func(v T) bool {
		if begun {
			return emit(v)
		}
		begun = true
		return begin()
	})
	return cause.Join(failure, err)
}

// close ends the run. It cancels first, which ends every wait in Next: stop may wait for a callback that waits there.
func (r *callbackRun[T]) close() {
	r.cancel()
	r.drops.report()
	if r.stop != nil {
		r.stop()
	}
}

// endedWith returns the error of an End before register returned.
func (r *callbackRun[T]) endedWith() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.err
}

// setRegistered returns what was sent while register ran. What is sent from now on goes to the log.
func (r *callbackRun[T]) setRegistered() (early []T) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.registered.Store(true)
	if r.ended {
		r.log.Close(r.err)
	}
	early, r.early = r.early, nil
	return early
}

func (r *callbackRun[T]) next(v T) bool {
	if r.ctx.Err() != nil {
		return false
	}
	if !r.registered.Load() {
		if taken, over := r.nextEarly(v); over {
			return taken
		}
	}
	switch r.log.Overflow {
	case queue.DropNewest:
		return r.nextOrDrop(v)
	case queue.Fail:
		return r.log.Append(nil, v) && r.log.Readers() > 0 // a log without its reader had no room for v
	default:
		return r.log.Append(r.ctx.Done(), v)
	}
}

// nextEarly is next while register runs. It leaves an item to the log unless it is over with it: under Block, Append
// would wait for a reader that does not read yet.
func (r *callbackRun[T]) nextEarly(v T) (taken, over bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case r.registered.Load():
		return false, false
	case r.ended:
		return false, true
	case r.log.Overflow != queue.Block:
		return false, false
	}
	r.early = append(r.early, v)
	return true, true
}

// nextOrDrop appends an item under DropNewest, where the log reports on the same goroutine that it has dropped it.
func (r *callbackRun[T]) nextOrDrop(v T) bool {
	r.mu.Lock()
	r.refused = false
	open := r.log.Append(nil, v)
	refused := r.refused
	r.mu.Unlock()
	if refused {
		r.drops.add(1)
	}
	return open && !refused
}

// dropped is called by the log.
func (r *callbackRun[T]) dropped(items int) {
	if r.log.Overflow == queue.DropNewest {
		r.refused = true
		return
	}
	r.drops.add(items)
}

func (r *callbackRun[T]) end(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case r.registered.Load():
		r.log.Close(err)
	case !r.ended:
		r.ended, r.err = true, err
	}
}

// drops counts the items of a run that were dropped, and logs their number from time to time.
type drops struct {
	mu     sync.Mutex
	items  int // since the last report
	logged time.Time
}

// dropsEvery is how often a run reports the items that it drops.
const dropsEvery = time.Minute

func (d *drops) add(items int) {
	d.mu.Lock()
	d.items += items
	due := time.Since(d.logged) >= dropsEvery
	d.mu.Unlock()
	if due {
		d.report()
	}
}

func (d *drops) report() {
	d.mu.Lock()
	items := d.items
	d.items, d.logged = 0, time.Now()
	d.mu.Unlock()
	if items > 0 {
		slog.Default().Warn("rivulet: a consumer of FromCallback is too slow and items were dropped", "items", items)
	}
}
