package operators

import (
	"context"

	"github.com/rivulet-go/rivulet/internal/engine"
	"github.com/rivulet-go/rivulet/observable"
)

// TakeUntilDone emits the items of src until done is canceled or its deadline passes; then it cancels src and completes. If
// done is done before the run, src is not run. TakeUntilDone completes and fails when src does.
//
// It is the graceful end of a stream: what is downstream sees it complete, so that a buffer is flushed and a fold has its
// result. To cancel the context of the run is the abrupt end. Run the stream with a context that is not derived from done:
// if both are done, the run fails with the cause of its own context.
//
//	src:           --1--2--3--4--|
//	done:          ----------x
//	TakeUntilDone: --1--2--3-|
//
// TakeUntilDone starts no goroutine before done is done, and buffers nothing. The items of src do not change goroutine.
func TakeUntilDone[T any](src observable.Observable[T], done context.Context) observable.Observable[T] {
	if src == nil || done == nil {
		panic("operators.TakeUntilDone: nil source or context")
	}
	return func(ctx context.Context, emit func(T) bool) (err error) {
		g := engine.NewGroup(ctx)
		defer g.Close(&err)
		if done.Err() != nil {
			return g.Result()
		}
		canceled := make(chan struct{})
		stop := context.AfterFunc(done, func() {
			defer close(canceled)
			g.Cancel()
		})
		defer func() {
			if !stop() {
				<-canceled
			}
		}()
		stopped := false
		out := engine.Gate[T]{Emit: func(v T) bool {
			if done.Err() != nil {
				g.Cancel() // it may not have been yet
				return false
			}
			stopped = !emit(v)
			return !stopped
		}}
		failure := engine.Run(g, g.Ctx, src, &out)
		if stopped || failure != nil {
			return failure
		}
		return g.Result()
	}
}
