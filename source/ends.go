package source

import (
	"context"

	"github.com/rivulet-go/rivulet/observable"
)

// Empty emits nothing and completes.
func Empty[T any]() observable.Observable[T] {
	return func(ctx context.Context, _ func(T) bool) error { return context.Cause(ctx) }
}

// Never emits nothing and never completes. It ends when ctx is canceled.
func Never[T any]() observable.Observable[T] {
	return func(ctx context.Context, _ func(T) bool) error {
		<-ctx.Done()
		return context.Cause(ctx)
	}
}

// Throw emits nothing and fails with err, which must not be nil.
func Throw[T any](err error) observable.Observable[T] {
	if err == nil {
		panic("source.Throw: nil error")
	}
	return func(ctx context.Context, _ func(T) bool) error {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		return err
	}
}
