package operators

import (
	"cmp"
	"context"
	"slices"

	"github.com/rivulet-go/rivulet/internal/queue"
	"github.com/rivulet-go/rivulet/observable"
)

// Lanes are the sources of an operator that cannot use every item as soon as it comes. Unlike a [hub] they have an
// inbox for each source: one that is ahead waits, and does not stand in the way of the others.
type lanes struct {
	scope
	ready chan struct{} // of all inboxes
	all   []anyLane
}

type anyLane interface {
	has() bool
	isOver() bool
	failure() error
	stop()
}

// step is what an operator tells when it has used what it could.
type step int

const (
	stepWait  step = iota // a lane was empty without whose next item it cannot go on
	stepAgain             // there may be more
	stepEnd               // the sources have come to their end
	stepStop              // downstream has said stop
)

// newLanes returns lanes without sources. The operator must defer its close.
func newLanes(ctx context.Context) *lanes {
	l := &lanes{ready: make(chan struct{}, 1)}
	l.init(ctx)
	return l
}

// each calls use at first and then whenever something has come, until the end of the sources or a stop, the failure of a
// source or the end of the operator's context. What came before a failure is still used.
func (l *lanes) each(use func() step) error {
	for l.parent.Err() == nil {
		failure := l.failure()
		switch next := use(); {
		case next == stepStop:
			return nil
		case next == stepEnd:
			return cmp.Or(context.Cause(l.parent), l.failure())
		case failure != nil:
			return cmp.Or(context.Cause(l.parent), failure)
		case next == stepAgain:
			continue
		}
		<-l.ready // not beside the context: when that is done the sources end, and each tells its inbox
	}
	return context.Cause(l.parent)
}

// drop forgets a lane that is over.
func (l *lanes) drop(over anyLane) {
	l.all = slices.DeleteFunc(l.all, func(lane anyLane) bool { return lane == over })
}

func (l *lanes) failure() error {
	for _, lane := range l.all {
		if err := lane.failure(); err != nil {
			return err
		}
	}
	return nil
}

// close stops all sources, waits for their ends and adds to the operator's result what failed meanwhile.
func (l *lanes) close(result *error) {
	for _, lane := range l.all {
		lane.stop()
	}
	l.scope.close(result)
}

// A lane is one source and what it emitted.
type lane[T any] struct {
	inbox *queue.Inbox[T]
	batch []T
	taken int // of the batch
	over  bool
}

// open runs a source until it ends or the lanes are closed.
func open[T any](l *lanes, src observable.Observable[T]) *lane[T] {
	opened := &lane[T]{inbox: queue.NewInbox[T](inboxSize, l.ready)}
	l.all = append(l.all, opened)
	run(&l.scope, l.ctx, src, opened.inbox)
	return opened
}

// has tells whether there is an item to take.
func (l *lane[T]) has() bool {
	if l.taken == len(l.batch) && !l.over {
		var more bool
		l.batch, more = l.inbox.Take()
		l.taken, l.over = 0, !more
	}
	return l.taken < len(l.batch)
}

func (l *lane[T]) take() T {
	v := l.batch[l.taken]
	l.taken++
	return v
}

// takeAll takes the items that has told of. They are valid until the next call of has.
func (l *lane[T]) takeAll() []T {
	items := l.batch[l.taken:]
	l.taken = len(l.batch)
	return items
}

// isOver tells, after has said no, that nothing will come.
func (l *lane[T]) isOver() bool { return l.over }

// endOrWait is the step after has has said no, for an operator that goes on only with this lane.
func (l *lane[T]) endOrWait() step {
	if l.over {
		return stepEnd
	}
	return stepWait
}

func (l *lane[T]) failure() error { return l.inbox.Err() }

func (l *lane[T]) stop() { l.inbox.Stop() }
