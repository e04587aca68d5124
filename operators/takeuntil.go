package operators

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/rivulet-go/rivulet/internal/engine"
	"github.com/rivulet-go/rivulet/observable"
)

// TakeUntil emits the items of src until notifier emits one; then it cancels src and completes. It completes when src does,
// and fails with the first failure of src or notifier. If notifier completes without an item, TakeUntil ignores that: a
// channel that is closed does not stop it. To stop when a context is done, use [TakeUntilDone].
//
//	src:       --1--2--3--4--|
//	notifier:  ----------x
//	TakeUntil: --1--2--3-|
//
// TakeUntil starts notifier first and holds back the first signal of src until notifier has ended, for a millisecond at
// most. So if notifier emits at once, TakeUntil emits nothing.
//
// TakeUntil starts one goroutine, for notifier, and buffers nothing. The items of src do not change goroutine.
func TakeUntil[T, N any](src observable.Observable[T], notifier observable.Observable[N]) observable.Observable[T] {
	if src == nil || notifier == nil {
		panic("operators.TakeUntil: nil source or notifier")
	}
	return func(ctx context.Context, emit func(T) bool) (err error) {
		g := engine.NewGroup(ctx)
		defer g.Close(&err)
		first := startLead(g, notifier, func(N) bool {
			g.Cancel()
			return false
		})
		return runAfter(first, src, emit)
	}
}

// SkipUntil drops the items of src until notifier emits one, and emits those that follow. It completes when src does, and
// fails with the first failure of src or notifier. If notifier completes without an item, nothing is emitted.
//
//	src:       --1--2--3--4--|
//	notifier:  ------x
//	SkipUntil: --------3--4--|
//
// SkipUntil starts notifier first and holds back the first signal of src until notifier has ended, for a millisecond at
// most. So if notifier emits at once, no item of src is skipped.
//
// SkipUntil starts one goroutine, for notifier, which it cancels at the first item, and buffers nothing. The items of src
// do not change goroutine.
func SkipUntil[T, N any](src observable.Observable[T], notifier observable.Observable[N]) observable.Observable[T] {
	if src == nil || notifier == nil {
		panic("operators.SkipUntil: nil source or notifier")
	}
	return func(ctx context.Context, emit func(T) bool) (err error) {
		g := engine.NewGroup(ctx)
		defer g.Close(&err)
		var open atomic.Bool
		first := startLead(g, notifier, func(N) bool {
			open.Store(true)
			return false
		})
		return runAfter(first, src, func(v T) bool { return !open.Load() || emit(v) })
	}
}

// A lead is the other stream of an operator. It starts before the source and runs at the same time.
type lead struct {
	group *engine.Group
	ended chan struct{}
	until time.Time // when the source need not wait any longer
}

// leadTime is how long the first signal of a source is held back for a lead that has not ended. In a bubble of
// testing/synctest the clock moves only when all goroutines wait, so that the lead has always come far enough.
const leadTime = time.Millisecond

// leadKey is the key of a context under which a lead finds how long the operator waits for it.
type leadKey struct{}

// startLead runs other in a new goroutine, which calls notice for every item. A failure of other ends the run.
func startLead[T any](g *engine.Group, other observable.Observable[T], notice func(T) bool) *lead {
	limit := leadTime
	if outer, ok := g.Ctx.Value(leadKey{}).(time.Duration); ok {
		limit = outer / 2 // the operator is part of a lead itself
	}
	l := &lead{group: g, ended: make(chan struct{}), until: time.Now().Add(limit)}
	marked := func(ctx context.Context, emit func(T) bool) error {
		return other(context.WithValue(ctx, leadKey{}, limit), emit)
	}
	engine.Start(g, marked, notice, func(bool) { close(l.ended) })
	return l
}

// wait waits until the lead has ended, but not beyond l.until.
func (l *lead) wait() {
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

// runAfter runs the operator's own source on the calling goroutine and returns the operator's result. It holds the first
// signal of src back until the lead has ended, for a millisecond at most.
// docs/design.md says what was rejected.
func runAfter[T any](l *lead, src observable.Observable[T], emit func(T) bool) error {
	g, held, stopped := l.group, true, false
	out := engine.Gate[T]{Emit: func(v T) bool {
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
	failure := engine.Run(g, g.Ctx, src, &out)
	if stopped {
		return failure
	}
	if held {
		l.wait()
	}
	g.Fail(failure)
	return g.Result()
}
