package operators

import (
	"cmp"
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
	inbox *queue.Queue[M]
}

// inboxSize is how many items wait in a hub before the sources have to. See the package documentation.
const inboxSize = 128

// newHub returns a hub without sources. The operator must defer its close.
func newHub[M any](ctx context.Context) *hub[M] {
	h := &hub[M]{inbox: queue.New[M](inboxSize, make(chan struct{}, 1))}
	h.init(ctx)
	return h
}

// start runs a source until it ends or the hub is closed.
func (h *hub[M]) start(src observable.Observable[M]) { run(&h.scope, h.ctx, src, h.inbox) }

// branch runs a source that can be stopped alone: stop cancels it and waits for its end. What it emitted before may
// still be in the inbox.
func (h *hub[M]) branch(src observable.Observable[M]) (stop func()) {
	ctx, cancel := context.WithCancelCause(h.ctx)
	ended := run(&h.scope, ctx, src, h.inbox)
	return func() {
		cancel(errEnded)
		<-ended
	}
}

// each hands everything that arrives to receive, until that returns false, all sources are complete, one has failed
// or the context of the operator is done.
func (h *hub[M]) each(receive func(M) bool) error { return h.eachOrTick(receive, nil, nil) }

// eachOrTick is each for an operator with a timer: tick is called, on the same goroutine, when the timer fires, also
// while items keep coming.
func (h *hub[M]) eachOrTick(receive func(M) bool, timer <-chan time.Time, tick func() bool) error {
	var batch []M
	for {
		var more bool
		batch, more = h.inbox.Take(batch)
		for _, m := range batch {
			if h.parent.Err() != nil {
				return context.Cause(h.parent)
			}
			select {
			case <-timer:
				if !tick() {
					return nil
				}
			default:
			}
			if !receive(m) {
				return nil
			}
		}
		switch {
		case len(batch) > 0:
			continue
		case !more:
			return cmp.Or(h.inbox.Err(), context.Cause(h.parent))
		}
		select {
		case <-h.inbox.Ready():
		case <-timer:
			if !tick() {
				return nil
			}
		case <-h.parent.Done():
			return context.Cause(h.parent)
		}
	}
}

// close stops all sources, waits for their ends and adds to the operator's result what failed meanwhile.
func (h *hub[M]) close(result *error) {
	h.inbox.Stop()
	h.scope.close(result)
}
