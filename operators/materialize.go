package operators

import (
	"context"

	"github.com/rivulet-go/rivulet/internal/engine"
	"github.com/rivulet-go/rivulet/internal/must"
	"github.com/rivulet-go/rivulet/observable"
)

// Notification is a signal of a stream as a value: a failure when Err is not nil, completion when Complete is true,
// else the item Value.
type Notification[T any] struct {
	Value    T
	Err      error
	Complete bool
}

// Materialize emits every signal of the source as a [Notification], also its failure, and then completes. It fails
// only when ctx is done, as then nobody waits for a notification.
//
//	src:         --a--b--X
//	Materialize: --a--b--(X|)
func Materialize[T any](src observable.Observable[T]) observable.Observable[Notification[T]] {
	must.NotNil("operators.Materialize", src)
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

// Dematerialize is the inverse of [Materialize]: it emits the items and, at the first notification of an end, stops
// its source and ends so. It completes too when its source completes without one.
func Dematerialize[T any](src observable.Observable[Notification[T]]) observable.Observable[T] {
	must.NotNil("operators.Dematerialize", src)
	return func(ctx context.Context, emit func(T) bool) error {
		return engine.Try(ctx, src, func(n Notification[T]) (bool, error) {
			return n.Err == nil && !n.Complete && emit(n.Value), n.Err
		})
	}
}
