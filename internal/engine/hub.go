package engine

import (
	"context"
	"time"

	"github.com/rivulet-go/rivulet/internal/queue"
	"github.com/rivulet-go/rivulet/observable"
)

// Capacity is the number of items of each source that wait in a hub before the source has to.
const Capacity = 128

// Hub runs sources, each in a goroutine of its own, and hands their items, in order of arrival, to the goroutine that runs
// the operator.
//
// M is the type of the items. An operator whose sources differ, or that must know where an item comes from and when a
// source is complete, makes M a small struct of its own and maps its sources to it.
type Hub[M any] struct {
	Group
	inbox *queue.Inbox[M]
}

// NewHub returns a hub without sources. The operator must defer its Close.
func NewHub[M any](ctx context.Context, capacity int) *Hub[M] {
	h := &Hub[M]{inbox: queue.NewInbox[M](capacity, make(chan struct{}, 1))}
	h.init(ctx)
	return h
}

// Start runs src in a new goroutine until src ends or the hub is closed.
func (h *Hub[M]) Start(src observable.Observable[M]) {
	startInto(&h.Group, src, h.inbox)
}

// startInto runs src in a new goroutine, which puts the items into the inbox.
func startInto[M any](g *Group, src observable.Observable[M], inbox *queue.Inbox[M]) {
	lane, done := inbox.Open(), g.Ctx.Done()
	Start(g, src, func(m M) bool { return lane.Put(done, m) }, lane.End)
}

// Each calls receive for every item until receive returns false, all sources are complete, one has failed, or the
// operator's context is done.
func (h *Hub[M]) Each(receive func(M) bool) error {
	return drain(h.Parent, h.inbox, receive, h.Result, func() bool {
		<-h.inbox.Ready() // and not for the context: when that is done, the sources end, and each end comes here
		return true
	})
}

// EachOrTick is Each for an operator with a timer. It calls tick, on the same goroutine, when the timer fires, also while
// items keep coming.
func (h *Hub[M]) EachOrTick(receive func(M) bool, timer <-chan time.Time, tick func() bool) error {
	inTime := func(m M) bool { return (!fired(timer) || tick()) && receive(m) }
	return drain(h.Parent, h.inbox, inTime, h.Result, func() bool {
		select {
		case <-h.inbox.Ready():
		case <-timer:
			return h.Parent.Err() != nil || tick()
		case <-h.Parent.Done(): // nothing may be emitted any more, even if a source takes its time to end
		}
		return true
	})
}

// Close stops all sources, waits for their ends, and joins to the result the errors of those that could not stop cleanly.
func (h *Hub[M]) Close(result *error) {
	h.Cancel() // first: a source that is stopped by the inbox must find its context done
	h.inbox.Stop()
	h.Group.Close(result)
}

// drain calls receive for every item of an inbox until receive returns false, the inbox is over, when the result is that
// of end, or ctx is done. If there is no item it calls wait, until that returns false.
func drain[M any](
	ctx context.Context, inbox *queue.Inbox[M], receive func(M) bool, end func() error, wait func() bool,
) error {
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
			return end()
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

// Marked turns every item of src into a message, and its completion into one more.
func Marked[A, M any](src observable.Observable[A], item func(A) M, completion func() M) observable.Observable[M] {
	return func(ctx context.Context, emit func(M) bool) error {
		out := Gate[M]{Emit: emit}
		err := src(ctx, func(a A) bool { return out.Send(item(a)) })
		if err == nil && !out.Stopped {
			emit(completion())
		}
		return err
	}
}
