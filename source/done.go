package source

import (
	"context"

	"github.com/rivulet-go/rivulet/observable"
)

// FromDone emits one item when done is canceled or its deadline passes, then completes. The item is
// context.Cause(done), so that the consumer learns which signal or deadline it was.
//
// done is not the context of the run. If both are done, the run is canceled and emits nothing: run the stream with a
// context that is not derived from done.
//
//	done:     ---------x
//	FromDone: ---------x|
func FromDone(done context.Context) observable.Observable[error] {
	if done == nil {
		panic("source.FromDone: nil done")
	}
	return func(ctx context.Context, emit func(error) bool) error {
		select {
		case <-done.Done():
		case <-ctx.Done():
		}
		if ctx.Err() == nil && !emit(context.Cause(done)) {
			return nil
		}
		return context.Cause(ctx)
	}
}
