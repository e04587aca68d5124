package observable

import (
	"context"

	"github.com/rivulet-go/rivulet/internal/must"
)

// Item is what [Observable.Observe] sends on its channel: a value or, as the last item, the error with which the stream
// failed.
type Item[T any] struct {
	Value T
	Err   error
}

// Observe runs the stream in a new goroutine and returns a channel of its items. The channel is closed at the end. If
// the stream fails or ctx is canceled, the last item holds the error and the zero value of T.
//
// Observe starts one goroutine and buffers up to capacity items, or one if capacity is 0. The stream waits while the
// channel is full. The caller must receive until the channel is closed or cancel ctx; otherwise the goroutine leaks. On
// cancellation, buffered items may be discarded to make room for the final error.
func (o Observable[T]) Observe(ctx context.Context, capacity int) <-chan Item[T] {
	if o == nil {
		panic("observable.Observe: nil Observable")
	}
	must.NotNegative("observable.Observe", "capacity", capacity)
	items := make(chan Item[T], max(capacity, 1))
	go func() {
		defer close(items)
		stopped := false
		err := o(ctx, func(v T) bool {
			stopped = !send(ctx, items, Item[T]{Value: v})
			return !stopped
		})
		if err == nil && stopped {
			err = context.Cause(ctx)
		}
		if err != nil && !send(ctx, items, Item[T]{Err: err}) {
			sendLast(items, Item[T]{Err: err})
		}
	}()
	return items
}

// send waits until the channel has room and reports whether it sent the item; it returns false if ctx is done. It first
// tries without waiting for ctx, because a select with one case is several times faster than one with two.
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

// sendLast sends an item and discards older ones if the channel is full. The caller must be the only sender.
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
