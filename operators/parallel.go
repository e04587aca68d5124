package operators

import (
	"cmp"
	"context"
	"sync/atomic"

	"github.com/rivulet-go/rivulet/internal/cause"
	"github.com/rivulet-go/rivulet/internal/engine"
	"github.com/rivulet-go/rivulet/internal/must"
	"github.com/rivulet-go/rivulet/observable"
)

// ParallelMap is [TryMap] except that it calls f for up to workers items at the same time. It emits the same results in the
// same order, and then the same error, no matter which call returns first. The context of f is done when the run is over.
// workers must be positive.
//
// ParallelMap starts one goroutine for src and one for each worker, as soon as there is an item for it, and calls f there.
// Up to 4*workers items are in work or wait as results for their turn; then src waits.
func ParallelMap[A, B any](
	src observable.Observable[A], workers int, f func(context.Context, A) (B, error),
) observable.Observable[B] {
	if src == nil || f == nil {
		panic("operators.ParallelMap: nil source or function")
	}
	must.Positive("operators.ParallelMap", "workers", workers)
	return func(ctx context.Context, emit func(B) bool) (err error) {
		workers := min(workers, 1<<20)
		h := engine.NewHub[*call[A, B]](ctx, 2*workers)
		defer h.Close(&err)
		p := parallel[A, B]{
			group:   &h.Group,
			f:       f,
			workers: workers,
			todo:    make(chan *call[A, B], min(workers, 64)),
			ready:   make(chan struct{}, 1),
		}
		h.Start(p.calls(src))
		var failure error
		err = h.Each(func(c *call[A, B]) bool {
			if !p.await(c) {
				return true // Each finds the reason
			}
			failure = cause.Of(ctx, c.err)
			return failure == nil && emit(c.result)
		})
		return cmp.Or(failure, err)
	}
}

// A call is a call of f for one item.
type call[A, B any] struct {
	item   A
	result B
	err    error
	done   atomic.Bool
}

// parallel is one run of ParallelMap. Its calls go to the workers, and in the order of the items to the operator.
type parallel[A, B any] struct {
	group   *engine.Group
	f       func(context.Context, A) (B, error)
	workers int              // that may still start
	todo    chan *call[A, B] // closed when src has ended
	pending atomic.Int64     // calls that are not done, less the workers
	awaited atomic.Pointer[call[A, B]]
	ready   chan struct{} // has a token when the awaited call may be done
}

// calls turns every item of src into a call, which a worker makes. A failure of src becomes a call that has failed.
func (p *parallel[A, B]) calls(src observable.Observable[A]) observable.Observable[*call[A, B]] {
	return func(ctx context.Context, emit func(*call[A, B]) bool) error {
		defer close(p.todo)
		err := src(ctx, func(a A) bool {
			c := &call[A, B]{item: a}
			if p.pending.Add(1) > 0 && p.workers > 0 {
				p.startWorker()
			}
			select {
			case p.todo <- c:
				return emit(c)
			case <-ctx.Done():
				return false
			}
		})
		if err == nil || ctx.Err() != nil {
			return err
		}
		failed := &call[A, B]{err: err}
		failed.done.Store(true)
		emit(failed)
		return nil
	}
}

func (p *parallel[A, B]) startWorker() {
	p.workers--
	p.pending.Add(-1)
	engine.Start(p.group, p.work, func(struct{}) bool { return true }, func(bool) {})
}

// work makes calls until there are no more. It is a source without items, so that an error of a call that was canceled
// counts like that of a source.
func (p *parallel[A, B]) work(ctx context.Context, _ func(struct{}) bool) error {
	for c := range p.todo {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		c.result, c.err = p.f(ctx, c.item)
		if ctx.Err() != nil {
			return c.err
		}
		p.pending.Add(-1)
		c.done.Store(true)
		if p.awaited.Load() == c {
			p.signal()
		}
	}
	return nil
}

func (p *parallel[A, B]) signal() {
	select {
	case p.ready <- struct{}{}:
	default:
	}
}

// await waits until a call is done. It returns false if the run is over before.
func (p *parallel[A, B]) await(c *call[A, B]) bool {
	if c.done.Load() {
		return true
	}
	p.awaited.Store(c)
	for !c.done.Load() {
		select {
		case <-p.ready:
		case <-p.group.Ctx.Done():
			return false
		}
	}
	return true
}
