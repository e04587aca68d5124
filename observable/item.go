package observable

import (
	"context"

	"github.com/rivulet-go/rivulet/internal/must"
)

// Item is an item on a channel: a value or, as the last one, the error with which the stream failed.
type Item[T any] struct {
	Value T
	Err   error
}

// Observe runs the stream in a new goroutine and returns its items on a channel, which is closed at the end. When
// the stream fails, also by a done ctx, the last item holds the error and the zero T.
//
// The channel buffers capacity items, or one when that is 0; the stream waits when it is full. Whoever does not read
// to the end must cancel ctx, which ends the goroutine: what the full channel then holds makes room for the error.
func (o Observable[T]) Observe(ctx context.Context, capacity int) <-chan Item[T] {
	must.NotNegative("observable.Observe", "capacity", capacity)
	items := make(chan Item[T], max(capacity, 1))
	go func() {
		defer close(items)
		cut := false
		err := o(ctx, func(v T) bool {
			cut = !send(ctx, items, Item[T]{Value: v})
			return !cut
		})
		if err == nil && cut {
			err = context.Cause(ctx)
		}
		if err != nil && !send(ctx, items, Item[T]{Err: err}) {
			sendLast(items, Item[T]{Err: err})
		}
	}()
	return items
}

// send waits for room, or for ctx to be done, which it tells by false. It looks for room alone first: a select of
// one case costs a fraction of one with two.
func send[T any](ctx context.Context, items chan<- Item[T], item Item[T]) bool {
	select {
	case items <- item:
		return true
	default:
	}
	select {
	case items <- item:
		return true
	case <-ctx.Done():
		return false
	}
}

// sendLast makes room for an item by throwing out older ones. The caller is the only sender.
func sendLast[T any](items chan Item[T], item Item[T]) {
	for {
		select {
		case items <- item:
			return
		default:
		}
		select {
		case <-items:
		default:
		}
	}
}
