package operators

import (
	"context"
	"sync/atomic"

	"github.com/rivulet-go/rivulet/internal/must"
	"github.com/rivulet-go/rivulet/observable"
)

// TakeUntil emits the items of src until notifier emits one, then cancels src and completes. It completes with src,
// and fails with the first of the two that fails; that notifier is complete means nothing.
//
//	src:       --1--2--3--4--|
//	notifier:  ----------x
//	TakeUntil: --1--2--3-|
//
// TakeUntil starts one goroutine, for notifier; the items of src do not change goroutine and nothing is buffered. src
// is run when notifier has come to wait: one that emits at once completes the result before.
func TakeUntil[T, N any](src observable.Observable[T], notifier observable.Observable[N]) observable.Observable[T] {
	must.NotNil("operators.TakeUntil", src, notifier)
	return func(ctx context.Context, emit func(T) bool) (err error) {
		s := newScope(ctx)
		defer s.close(&err)
		var ended atomic.Bool
		watch(s, notifier, func(N) bool {
			ended.Store(true)
			s.cancel(errEnded)
			return false
		})
		return own(s, src, func(v T) bool { return !ended.Load() && emit(v) })
	}
}

// SkipUntil drops the items of src until notifier emits one, and emits those that follow. It completes with src, and
// fails with the first of the two that fails. When notifier is complete without an item, nothing will be emitted.
//
//	src:       --1--2--3--4--|
//	notifier:  ------x
//	SkipUntil: --------3--4--|
//
// SkipUntil starts one goroutine, for notifier, which it cancels at its first item; the items of src do not change
// goroutine and nothing is buffered. src is run when notifier has come to wait: of one that emits at once it misses
// nothing.
func SkipUntil[T, N any](src observable.Observable[T], notifier observable.Observable[N]) observable.Observable[T] {
	must.NotNil("operators.SkipUntil", src, notifier)
	return func(ctx context.Context, emit func(T) bool) (err error) {
		s := newScope(ctx)
		defer s.close(&err)
		var begun atomic.Bool
		watch(s, notifier, func(N) bool {
			begun.Store(true)
			return false
		})
		return own(s, src, func(v T) bool { return !begun.Load() || emit(v) })
	}
}
