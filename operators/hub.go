package operators

import (
	"context"
	"time"

	"github.com/rivulet-go/rivulet/internal/queue"
	"github.com/rivulet-go/rivulet/observable"
)

// A hub is what concurrent operators have in common: it runs sources, each in a goroutine of its own, and hands what
// they emit, in order of arrival, to the goroutine that runs the operator.
//
// M is the type of what arrives. An operator whose sources differ, or that must know which of them an item is from
// and when one is complete, makes M a small struct of its own and lifts its sources to it.
type hub[M any] struct {
	scope
	inbox *queue.Inbox[M]
}

// inboxSize is how many items of a source wait in a hub before it has to. See the package documentation.
const inboxSize = 128

// newHub returns a hub without sources. The operator must defer its close.
func newHub[M any](ctx context.Context) *hub[M] { return newHubOf[M](ctx, inboxSize) }

// newHubOf is newHub with another size of the inbox.
func newHubOf[M any](ctx context.Context, size int) *hub[M] {
	h := &hub[M]{inbox: queue.NewInbox[M](size, make(chan struct{}, 1))}
	h.init(ctx)
	return h
}

// start runs a source until it ends or the hub is closed.
func (h *hub[M]) start(src observable.Observable[M]) { run(&h.scope, h.ctx, src, h.inbox) }

// branch runs a source that can be stopped alone: stop cancels it and waits for its end. What it emitted before may
// still be in the inbox.
func (h *hub[M]) branch(src observable.Observable[M]) (stop func()) {
	ctx, cancel := context.WithCancelCause(h.ctx)
	ended := make(chan struct{})
	run(&h.scope, ctx, func(ctx context.Context, emit func(M) bool) error {
		defer close(ended)
		return src(ctx, emit)
	}, h.inbox)
	return func() {
		cancel(errEnded)
		<-ended
	}
}

// each hands everything that arrives to receive, until that returns false, all sources are complete, one has failed
// or the context of the operator is done.
func (h *hub[M]) each(receive func(M) bool) error {
	return drain(h.parent, h.inbox, receive, func() (goesOn bool) {
		<-h.inbox.Ready() // not beside the context: when that is done the sources end, and each tells the inbox
		return true
	})
}

// eachOrTick is each for an operator with a timer: tick is called, on the same goroutine, when the timer fires, also
// while items keep coming.
func (h *hub[M]) eachOrTick(receive func(M) bool, timer <-chan time.Time, tick func() bool) error {
	inTime := func(m M) bool { return (!fired(timer) || tick()) && receive(m) }
	return drain(h.parent, h.inbox, inTime, func() (goesOn bool) {
		select {
		case <-h.inbox.Ready():
		case <-timer:
			return h.parent.Err() != nil || tick()
		case <-h.parent.Done(): // nothing may be emitted any more, even if a source takes its time to end
		}
		return true
	})
}

// An outlet is where items are taken from in batches: a [queue.Inbox] or a [queue.Queue].
type outlet[M any] interface {
	Take() (batch []M, more bool)
	Err() error
}

// drain hands everything that arrives at an outlet to receive, until that returns false, the outlet is over or ctx is
// done. It calls wait when there is nothing, until that returns false.
func drain[M any](ctx context.Context, inbox outlet[M], receive func(M) bool, wait func() (goesOn bool)) error {
	for {
		batch, more := inbox.Take()
		for _, m := range batch {
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
			if !receive(m) {
				return nil
			}
		}
		switch {
		case len(batch) > 0:
			continue
		case ctx.Err() != nil:
			return context.Cause(ctx)
		case !more:
			return inbox.Err()
		}
		if !wait() {
			return nil
		}
	}
}

func fired(timer <-chan time.Time) bool {
	select {
	case <-timer:
		return true
	default:
		return false
	}
}

// inStep is a source for a hub that goes on after an item only when the operator has called next: when all that it
// does for that item is over.
func inStep[M any](src observable.Observable[M]) (stepped observable.Observable[M], next func()) {
	turn := make(chan struct{}, 1)
	stepped = func(ctx context.Context, emit func(M) bool) error {
		return src(ctx, func(m M) bool {
			if !emit(m) {
				return false
			}
			select {
			case <-turn:
				return true
			case <-unwitnessed(ctx).Done():
				return ctx.Err() == nil // its witness has to know that src is told to stop
			}
		})
	}
	return stepped, func() { turn <- struct{}{} }
}

// close stops all sources, waits for their ends and adds to the operator's result what failed meanwhile.
func (h *hub[M]) close(result *error) {
	h.inbox.Stop()
	h.scope.close(result)
}
