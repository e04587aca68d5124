package engine

import (
	"context"
	"errors"
	"sync"

	"github.com/rivulet-go/rivulet/internal/cause"
	"github.com/rivulet-go/rivulet/observable"
)

// Group owns the goroutines of one run of an operator. They end when the group is closed, and Close waits for them.
type Group struct {
	Parent context.Context // of the run
	Ctx    context.Context // of the sources: done when the run is over, because it was canceled or for another reason

	cancel context.CancelCauseFunc
	tasks  sync.WaitGroup

	mu      sync.Mutex
	failure error // of the source that has ended the run
	kept    error // of sources that failed while they were being stopped
}

// errOver is the cause with which an operator cancels its sources.
var errOver = errors.New("rivulet: the operator needs no more items of this source")

// errExited is the failure of a source that does not return but ends its goroutine, as a test's FailNow does.
var errExited = errors.New("rivulet: a source has called runtime.Goexit")

// NewGroup returns a group without goroutines. The operator must defer its Close.
func NewGroup(ctx context.Context) *Group {
	g := &Group{}
	g.init(ctx)
	return g
}

func (g *Group) init(ctx context.Context) {
	g.Parent = ctx
	g.Ctx, g.cancel = context.WithCancelCause(ctx)
}

// Go runs a task in a new goroutine. The task must end when g.Ctx is done.
func (g *Group) Go(task func()) { g.tasks.Go(task) }

// Cancel ends the run: its sources are canceled.
func (g *Group) Cancel() { g.cancel(errOver) }

// Child returns a context of a source that can be canceled alone. cancel must be called.
func (g *Group) Child() (ctx context.Context, cancel func()) {
	ctx, cancelCause := context.WithCancelCause(g.Ctx)
	return ctx, func() { cancelCause(errOver) }
}

// Fail ends the run because a source has failed. It does nothing if err is nil or the run is over.
func (g *Group) Fail(err error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if err != nil && g.Ctx.Err() == nil {
		g.failure = err
		g.Cancel()
	}
}

// Result returns the cause of Parent if that is done, or else the failure that has ended the run, if any.
func (g *Group) Result() error {
	if g.Parent.Err() != nil {
		return context.Cause(g.Parent)
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.failure
}

func (g *Group) keep(err error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.kept = cause.Join(g.kept, err)
}

// Close ends the run, waits for its goroutines, and joins to the result the errors of sources that failed while they were
// being stopped.
func (g *Group) Close(result *error) {
	g.Cancel()
	g.tasks.Wait()
	*result = cause.Join(*result, g.kept)
}

// Run runs src on the calling goroutine and returns how it failed by itself. If src fails because it could not stop
// cleanly when the run ended, Run keeps the error for Close and returns nil.
//
// Only the error that src returns decides, never whether src has looked at its context.
func Run[T any](g *Group, ctx context.Context, src observable.Observable[T], out *Gate[T]) error {
	failure, canceled := cause.Split(ctx, src(ctx, out.Send))
	if (canceled || out.Stopped) && g.Ctx.Err() != nil {
		g.keep(failure)
		return nil
	}
	return failure
}

// Start runs src in a new goroutine, which calls emit. When src has ended, in whatever way, Start fails the group if src
// has failed, and then calls end.
func Start[T any](g *Group, src observable.Observable[T], emit func(T) bool, end func(failed bool)) {
	g.Go(func() {
		failure := errExited
		defer func() {
			g.Fail(failure)
			end(failure != nil)
		}()
		failure = Run(g, g.Ctx, src, &Gate[T]{Emit: emit})
	})
}
