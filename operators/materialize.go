package operators

import (
	"context"

	"github.com/rivulet-go/rivulet/internal/engine"
	"github.com/rivulet-go/rivulet/observable"
)

// Notification is a signal of a stream as a value. It is a failure if Err is not nil, the completion if Complete is
// true, and the item Value otherwise.
type Notification[T any] struct {
	Value    T
	Err      error
	Complete bool
}

// Materialize emits each item, and the completion or failure of src, as a [Notification]. Then it completes. It fails
// only if ctx is canceled.
//
//	src:         --a--b--X
//	Materialize: --a--b--(X|)
func Materialize[T any](src observable.Observable[T]) observable.Observable[Notification[T]] {
	if src == nil {
		panic("operators.Materialize: nil source")
	}
	return func(ctx context.Context, emit func(Notification[T]) bool) error {
		out := engine.Gate[Notification[T]]{Emit: emit}
		err := src(ctx, func(v T) bool { return out.Send(Notification[T]{Value: v}) })
		if out.Stopped || err != nil && ctx.Err() != nil {
			return err
		}
		emit(Notification[T]{Err: err, Complete: err == nil})
		return nil
	}
}

// Dematerialize is the inverse of [Materialize]. It emits the items of the notifications. At the first notification of
// a completion or failure, it stops src and completes, or fails with that error. If src completes without one,
// Dematerialize completes.
func Dematerialize[T any](src observable.Observable[Notification[T]]) observable.Observable[T] {
	if src == nil {
		panic("operators.Dematerialize: nil source")
	}
	return func(ctx context.Context, emit func(T) bool) error {
		return engine.Try(ctx, src, func(n Notification[T]) (bool, error) {
			return n.Err == nil && !n.Complete && emit(n.Value), n.Err
		})
	}
}
