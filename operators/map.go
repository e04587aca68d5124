package operators

import (
	"context"

	"github.com/rivulet-go/rivulet/internal/engine"
	"github.com/rivulet-go/rivulet/observable"
)

// Map emits f(v) for each item v.
func Map[A, B any](src observable.Observable[A], f func(A) B) observable.Observable[B] {
	if src == nil || f == nil {
		panic("operators.Map: nil source or function")
	}
	return func(ctx context.Context, emit func(B) bool) error {
		return src(ctx, func(a A) bool { return emit(f(a)) })
	}
}

// TryMap emits f(ctx, v) for each item v. If f returns an error, TryMap stops src and fails with that error.
func TryMap[A, B any](src observable.Observable[A], f func(context.Context, A) (B, error)) observable.Observable[B] {
	if src == nil || f == nil {
		panic("operators.TryMap: nil source or function")
	}
	return func(ctx context.Context, emit func(B) bool) error {
		return engine.Try(ctx, src, func(a A) (bool, error) {
			b, err := f(ctx, a)
			return err == nil && emit(b), err
		})
	}
}
