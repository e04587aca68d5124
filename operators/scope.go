package operators

import (
	"context"
	"errors"
	"sync"

	"github.com/rivulet-go/rivulet/internal/cause"
	"github.com/rivulet-go/rivulet/internal/queue"
	"github.com/rivulet-go/rivulet/observable"
)

// A scope owns the goroutines of one run of an operator: they end when it is closed, and close waits for them.
type scope struct {
	parent context.Context // of the operator
	ctx    context.Context // of its sources
	cancel context.CancelCauseFunc
	tasks  sync.WaitGroup

	mu   sync.Mutex
	late error // failures that came after the operator's own result was settled
}

// errEnded is the cause with which an operator cancels its sources.
var errEnded = errors.New("rivulet: the operator has no more use for this source")

func (s *scope) init(ctx context.Context) {
	s.parent = ctx
	s.ctx, s.cancel = context.WithCancelCause(ctx)
}

// run runs a source in a goroutine of its own, which puts what it emits into inbox. What it returns is closed when
// the source has ended.
func run[M any](s *scope, ctx context.Context, src observable.Observable[M], inbox *queue.Queue[M]) <-chan struct{} {
	ended := make(chan struct{})
	inbox.Open()
	s.tasks.Go(func() {
		defer close(ended)
		done := ctx.Done()
		err := src(ctx, func(m M) bool { return inbox.Put(done, m) })
		if cause.Alone(ctx, err) {
			err = nil // the child of a cancelled parent has not failed
		}
		if !inbox.End(err) {
			s.addLate(err)
		}
	})
	return ended
}

func (s *scope) addLate(err error) {
	s.mu.Lock()
	s.late = join(s.late, err)
	s.mu.Unlock()
}

// close cancels what still runs, waits for its end, and adds what failed meanwhile to the operator's result.
func (s *scope) close(result *error) {
	s.cancel(errEnded)
	s.tasks.Wait()
	*result = join(*result, s.late)
}
