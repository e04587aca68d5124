package source

import (
	"context"

	"github.com/rivulet-go/rivulet/internal/must"
	"github.com/rivulet-go/rivulet/observable"
)

// FromChannel emits what it receives from a channel and completes when the channel is closed. It is hot: runs at the
// same time share the items out among themselves, each item goes to one of them, and what nobody waits for stays in
// the channel. A run that is stopped receives no further item.
func FromChannel[T any](items <-chan T) observable.Observable[T] {
	must.NotNil("source.FromChannel", items)
	return func(ctx context.Context, emit func(T) bool) error {
		for ctx.Err() == nil {
			v, open, cancelled := receive(ctx, items)
			if cancelled {
				break
			}
			if !open || !emit(v) {
				return nil
			}
		}
		return context.Cause(ctx)
	}
}

// receive waits for an item or for ctx to be done. It looks for an item alone first: a select of one case costs a
// fraction of one with two.
func receive[T any](ctx context.Context, items <-chan T) (v T, open, cancelled bool) {
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
