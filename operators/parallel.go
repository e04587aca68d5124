package operators

import (
	"cmp"
	"context"

	"github.com/rivulet-go/rivulet/internal/cause"
	"github.com/rivulet-go/rivulet/internal/must"
	"github.com/rivulet-go/rivulet/observable"
)

// ParallelMap is [TryMap] that calls f for up to workers items at once: it emits the same items in the same order, and
// after them the same error, whichever call is done first.
//
// ParallelMap is concurrent: it starts a goroutine for src and one for each worker, of which there must be at least
// one, and f is called on theirs. No more than workers items are in work or wait, as results, for their turn; beyond
// that src waits. The context of f is done when the run is over.
func ParallelMap[A, B any](
	src observable.Observable[A], workers int, f func(context.Context, A) (B, error),
) observable.Observable[B] {
	must.NotNil("operators.ParallelMap", src, f)
	must.Positive("operators.ParallelMap", "workers", workers)
	return func(ctx context.Context, emit func(B) bool) (err error) {
		s := newScope(ctx)
		defer s.close(&err)
		crew := make([]worker[A, B], workers)
		for i := range crew {
			crew[i] = worker[A, B]{todo: make(chan A), done: make(chan outcome[B])}
			s.tasks.Go(func() { crew[i].work(s, f) })
		}
		var failure error // of src, known when the channels of the workers are closed
		s.tasks.Go(func() {
			failure = deal(s, src, crew)
			for _, w := range crew {
				close(w.todo)
			}
		})
		for next := 0; ctx.Err() == nil; next = (next + 1) % workers {
			select {
			case result, ok := <-crew[next].done:
				switch {
				case !ok:
					return cmp.Or(context.Cause(ctx), failure)
				case result.err != nil:
					return cause.Of(s.ctx, result.err)
				case !emit(result.value):
					return nil
				}
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
}

type outcome[B any] struct {
	value B
	err   error
}

func (w worker[A, B]) work(s *scope, f func(context.Context, A) (B, error)) {
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

// deal gives the workers the items of src in turn, and returns its failure.
func deal[A, B any](s *scope, src observable.Observable[A], crew []worker[A, B]) error {
	next := 0
	failure, told := attend(s.ctx, src, func(a A) bool {
		select {
		case crew[next].todo <- a:
			next = (next + 1) % len(crew)
			return true
		case <-s.ctx.Done():
			return false
		}
	})
	if told {
		s.addLate(failure)
		return nil
	}
	return failure
}
