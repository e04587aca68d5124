package engine

import (
	"context"
	"slices"

	"github.com/rivulet-go/rivulet/internal/queue"
	"github.com/rivulet-go/rivulet/observable"
)

// Lanes runs the sources of an operator that cannot use every item as soon as it comes. Unlike a [Hub] it has an inbox for
// each source: a source that is ahead waits, and does not stand in the way of the others.
type Lanes struct {
	Group
	ready chan struct{} // of all inboxes
	open  []lane
}

type lane interface {
	Has() bool
	over() bool
	stop()
}

// Step says what an operator has done with the items that there were.
type Step int

const (
	Wait Step = iota // it cannot go on without an item of a lane that is empty
	More             // there may be more to do
	End              // the sources have come to their end
	Stop             // downstream has stopped
)

// NewLanes returns lanes without sources. The operator must defer their Close.
func NewLanes(ctx context.Context) *Lanes {
	l := &Lanes{ready: make(chan struct{}, 1)}
	l.init(ctx)
	return l
}

// Each calls use at first and whenever an item has come, until the sources have come to their end, downstream has
// stopped, a source has failed, or the operator's context is done. The items that came before a failure are used.
func (l *Lanes) Each(use func() Step) error {
	for l.Parent.Err() == nil {
		failure := l.Result()
		switch step := use(); {
		case step == Stop:
			return nil
		case step == End, failure != nil:
			return l.Result()
		case step == More:
			continue
		}
		<-l.ready // and not for the context: when that is done, the sources end, and each end comes here
	}
	return context.Cause(l.Parent)
}

// Row reports whether each lane has an item, and whether one is over.
func (l *Lanes) Row() (full, over bool) {
	full = true
	for _, lane := range l.open {
		if !lane.Has() {
			full, over = false, over || lane.over()
		}
	}
	return full, over
}

// Close stops all sources, waits for their ends, and joins to the result the errors of those that could not stop cleanly.
func (l *Lanes) Close(result *error) {
	l.Cancel() // first: a source that is stopped by its inbox must find its context done
	for _, lane := range l.open {
		lane.stop()
	}
	l.Group.Close(result)
}

// Lane holds the items of one source.
type Lane[T any] struct {
	inbox *queue.Inbox[T]
	batch []T
	taken int // of the batch
	ended bool
}

// Open runs src in a new goroutine until src ends or the lanes are closed.
func Open[T any](l *Lanes, src observable.Observable[T]) *Lane[T] {
	opened := &Lane[T]{inbox: queue.NewInbox[T](Capacity, l.ready)}
	l.open = append(l.open, opened)
	startInto(&l.Group, src, opened.inbox)
	return opened
}

// Drop forgets a lane that is over.
func Drop[T any](l *Lanes, over *Lane[T]) {
	l.open = slices.DeleteFunc(l.open, func(other lane) bool { return other == lane(over) })
}

// Has reports whether there is an item to take.
func (l *Lane[T]) Has() bool {
	if l.taken == len(l.batch) && !l.ended {
		var more bool
		l.batch, more = l.inbox.Take()
		l.taken, l.ended = 0, !more
	}
	return l.taken < len(l.batch)
}

// Take returns the next item. There must be one.
func (l *Lane[T]) Take() T {
	v := l.batch[l.taken]
	l.taken++
	return v
}

// TakeAll returns the items that there are. They are valid until the next call of Has.
func (l *Lane[T]) TakeAll() []T {
	items := l.batch[l.taken:]
	l.taken = len(l.batch)
	return items
}

// WaitOrEnd returns the step of an operator that goes on only with this lane, which has no item.
func (l *Lane[T]) WaitOrEnd() Step {
	if l.ended {
		return End
	}
	return Wait
}

// over reports, after Has has returned false, whether nothing will come.
func (l *Lane[T]) over() bool { return l.ended }

func (l *Lane[T]) stop() { l.inbox.Stop() }
