package operators

import (
	"context"
	"sync/atomic"

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
		lead := engine.StartLead(g, notifier, func(N) bool {
			g.Cancel()
			return false
		})
		return engine.RunAfter(lead, src, emit)
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
		lead := engine.StartLead(g, notifier, func(N) bool {
			open.Store(true)
			return false
		})
		return engine.RunAfter(lead, src, func(v T) bool { return !open.Load() || emit(v) })
	}
}
