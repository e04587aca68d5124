package source

import (
	"context"

	"github.com/rivulet-go/rivulet/internal/must"
	"github.com/rivulet-go/rivulet/observable"
)

// Empty completes without an item.
func Empty[T any]() observable.Observable[T] {
	return func(ctx context.Context, _ func(T) bool) error { return context.Cause(ctx) }
}

// Never emits nothing and does not end before its context is done.
func Never[T any]() observable.Observable[T] {
	return func(ctx context.Context, _ func(T) bool) error {
		<-ctx.Done()
		return context.Cause(ctx)
	}
}

// Throw fails with err, which must not be nil.
func Throw[T any](err error) observable.Observable[T] {
	must.NotNil("source.Throw", err)
	return func(ctx context.Context, _ func(T) bool) error {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		return err
	}
}
