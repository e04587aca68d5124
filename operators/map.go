package operators

import (
	"context"

	"github.com/rivulet-go/rivulet/internal/engine"
	"github.com/rivulet-go/rivulet/internal/must"
	"github.com/rivulet-go/rivulet/observable"
)

// Map emits f of every item.
func Map[A, B any](src observable.Observable[A], f func(A) B) observable.Observable[B] {
	must.NotNil("operators.Map", src, f)
	return func(ctx context.Context, emit func(B) bool) error {
		return src(ctx, func(a A) bool { return emit(f(a)) })
	}
}

// TryMap emits f of every item, and fails with the first error that f returns.
func TryMap[A, B any](src observable.Observable[A], f func(context.Context, A) (B, error)) observable.Observable[B] {
	must.NotNil("operators.TryMap", src, f)
	return func(ctx context.Context, emit func(B) bool) error {
		return engine.Try(ctx, src, func(a A) (bool, error) {
			b, err := f(ctx, a)
			return err == nil && emit(b), err
		})
	}
}
