package engine

import (
	"context"
	"time"

	"github.com/rivulet-go/rivulet/observable"
)

// Lead is a stream that runs beside the source of an operator and goes first.
type Lead struct {
	group *Group
	ended chan struct{}
	until time.Time // when the source need not wait any longer
}

// leadTime is how long the first signal of a source is held back for a lead that has not ended. In a bubble of
// testing/synctest the clock moves only when all goroutines wait, so that the lead has always come far enough.
const leadTime = time.Millisecond

// leadKey is the key of a context under which a lead finds how long the operator waits for it.
type leadKey struct{}

// StartLead runs lead in a new goroutine, which calls notice for every item. A failure of lead ends the run.
func StartLead[T any](g *Group, lead observable.Observable[T], notice func(T) bool) *Lead {
	limit := leadTime
	if outer, ok := g.Ctx.Value(leadKey{}).(time.Duration); ok {
		limit = outer / 2 // the operator is part of a lead itself
	}
	l := &Lead{group: g, ended: make(chan struct{}), until: time.Now().Add(limit)}
	marked := func(ctx context.Context, emit func(T) bool) error {
		return lead(context.WithValue(ctx, leadKey{}, limit), emit)
	}
	Start(g, marked, notice, func(bool) { close(l.ended) })
	return l
}

// wait waits until the lead has ended, but not beyond l.until.
func (l *Lead) wait() {
	left := time.Until(l.until)
	if left <= 0 {
		return
	}
	timer := time.NewTimer(left)
	defer timer.Stop()
	select {
	case <-l.ended:
	case <-timer.C:
	case <-l.group.Ctx.Done():
	}
}

// RunAfter runs the operator's own source on the calling goroutine and returns the operator's result. It holds the first
// signal of src back until the lead has ended, for a millisecond at most.
//
// Rejected: to run src as soon as the lead waits for its context. When a lead does so depends on the operators in it.
func RunAfter[T any](l *Lead, src observable.Observable[T], emit func(T) bool) error {
	g, held, stopped := l.group, true, false
	out := Gate[T]{Emit: func(v T) bool {
		if held {
			held = false
			l.wait()
		}
		if g.Ctx.Err() != nil {
			return false
		}
		stopped = !emit(v)
		return !stopped
	}}
	failure := Run(g, g.Ctx, src, &out)
	if stopped {
		return failure
	}
	if held {
		l.wait()
	}
	g.Fail(failure)
	return g.Result()
}
