package source

import (
	"context"

	"github.com/rivulet-go/rivulet/observable"
)

// FromChannel emits the items that it receives from a channel, and completes when the channel is closed. A run that is
// stopped receives nothing more.
//
// FromChannel is hot. If several runs receive from the channel, each item goes to exactly one of them. Items that are
// not received stay in the channel.
func FromChannel[T any](items <-chan T) observable.Observable[T] {
	if items == nil {
		panic("source.FromChannel: nil channel")
	}
	return func(ctx context.Context, emit func(T) bool) error {
		for ctx.Err() == nil {
			v, open, canceled := receive(ctx, items)
			if canceled {
				break
			}
			if !open || !emit(v) {
				return nil
			}
		}
		return context.Cause(ctx)
	}
}

// receive waits for an item, the end of the channel or the cancellation of ctx. It first tries without waiting for ctx,
// because a select with one case is several times faster than one with two.
func receive[T any](ctx context.Context, items <-chan T) (v T, open, canceled bool) {
	select {
	case v, open = <-items:
		return v, open, false
	default:
	}
	select {
	case v, open = <-items:
		return v, open, false
	case <-ctx.Done():
		return v, false, true
	}
}
