package operators

import (
	"context"

	"github.com/rivulet-go/rivulet/internal/cause"
	"github.com/rivulet-go/rivulet/internal/must"
	"github.com/rivulet-go/rivulet/observable"
)

// ParallelMap is [TryMap] that calls f for up to workers items at once: it emits the same items in the same order, and
// after them the same error, whichever call is done first.
//
// ParallelMap is concurrent: it starts a goroutine for src and one for each worker, of which there must be at least
// one, when that gets its first item; f is called on theirs. No more than workers items are in work or wait, as
// results, for their turn; beyond that src waits. The context of f is done when the run is over.
func ParallelMap[A, B any](
	src observable.Observable[A], workers int, f func(context.Context, A) (B, error),
) observable.Observable[B] {
	must.NotNil("operators.ParallelMap", src, f)
	must.Positive("operators.ParallelMap", "workers", workers)
	return func(ctx context.Context, emit func(B) bool) (err error) {
		s := newScope(ctx)
		defer s.close(&err)
		ctx = s.parent // which has no witness: see unwitnessed
		first := newWorker[A, B]()
		var failure error // of src, known when the channels of the workers are closed
		s.tasks.Go(func() {
			d := dealer[A, B]{scope: s, first: first, turn: first, places: workers, f: f}
			failure = d.deal(src)
			d.dismiss()
		})
		for w := first; ctx.Err() == nil; {
			select {
			case result, ok := <-w.done:
				switch {
				case !ok && ctx.Err() != nil: // the worker has left, and src may not have ended
					return context.Cause(ctx)
				case !ok:
					return failure
				case result.err != nil:
					return cause.Of(s.ctx, result.err)
				case !emit(result.value):
					return nil
				}
				w = w.next
			case <-ctx.Done():
			}
		}
		return context.Cause(ctx)
	}
}

// The workers take turns. Each hands on its result before it takes another item: since the results come in the order
// of the items, and so do the places for them, no worker is free before the one whose turn it is.
type worker[A, B any] struct {
	todo chan A
	done chan outcome[B]
	next *worker[A, B] // set before the first item comes; the last one's is the first
}

type outcome[B any] struct {
	value B
	err   error
}

func newWorker[A, B any]() *worker[A, B] {
	return &worker[A, B]{todo: make(chan A), done: make(chan outcome[B])}
}

func (w *worker[A, B]) work(s *scope, f func(context.Context, A) (B, error)) {
	defer close(w.done)
	for a := range w.todo {
		b, err := f(s.ctx, a)
		select {
		case w.done <- outcome[B]{b, err}:
		case <-s.ctx.Done():
			if failure, told := cause.Beside(s.ctx, err); told {
				s.addLate(failure)
			}
			return
		}
	}
}

// A dealer gives the workers the items in turn.
type dealer[A, B any] struct {
	*scope
	first, turn *worker[A, B]
	places      int // for workers that have not begun
	f           func(context.Context, A) (B, error)
}

// deal hands out the items of src, and returns its failure.
func (d *dealer[A, B]) deal(src observable.Observable[A]) error {
	failure, told := attend(d.ctx, src, func(a A) bool {
		w := d.turn
		if w.next == nil {
			d.begin(w)
		}
		select {
		case w.todo <- a:
			d.turn = w.next
			return true
		case <-d.ctx.Done():
			return false
		}
	})
	if told {
		d.addLate(failure)
		return nil
	}
	return failure
}

// begin lets a worker begin, after which comes another one or, when there is no place for that, the first.
func (d *dealer[A, B]) begin(w *worker[A, B]) {
	d.places--
	w.next = d.first
	if d.places > 0 {
		w.next = newWorker[A, B]()
	}
	d.tasks.Go(func() { w.work(d.scope, d.f) })
}

// dismiss tells all workers that nothing will follow.
func (d *dealer[A, B]) dismiss() {
	w := d.first
	for ; w.next != nil; w = w.next {
		close(w.todo)
		if w.next == d.first {
			return
		}
	}
	close(w.done) // it has not begun
}
