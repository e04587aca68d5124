package operators

import (
	"context"

	"github.com/rivulet-go/rivulet/internal/engine"
	"github.com/rivulet-go/rivulet/observable"
)

// Scan folds the items into a state and emits the state after each item. The state starts as seed. Each item v
// replaces the state acc with f(acc, v).
//
//	src:  --1--2--3--|
//	Scan: --1--3--6--|   f: acc + v, seed: 0
//
// All runs start with the same seed. If seed is a map, a pointer or a slice, f must return a changed copy of it.
// Otherwise one run changes what the next one starts with.
func Scan[T, A any](src observable.Observable[T], seed A, f func(acc A, v T) A) observable.Observable[A] {
	if src == nil || f == nil {
		panic("operators.Scan: nil source or function")
	}
	return func(ctx context.Context, emit func(A) bool) error {
		acc := seed
		return src(ctx, func(v T) bool {
			acc = f(acc, v)
			return emit(acc)
		})
	}
}

// TryScan is like [Scan], with a function that can fail. If f returns an error, TryScan stops src and fails with that
// error.
func TryScan[T, A any](
	src observable.Observable[T], seed A, f func(ctx context.Context, acc A, v T) (A, error),
) observable.Observable[A] {
	if src == nil || f == nil {
		panic("operators.TryScan: nil source or function")
	}
	return func(ctx context.Context, emit func(A) bool) error {
		acc := seed
		return engine.Try(ctx, src, func(v T) (bool, error) {
			var err error
			acc, err = f(ctx, acc, v)
			return err == nil && emit(acc), err
		})
	}
}

// Reduce folds the items into a state and emits the final state when src completes. The state starts as seed, so an
// empty src gives seed. The note on seed in [Scan] applies.
//
//	src:    --1--2--3--|
//	Reduce: -----------(6|)   f: acc + v, seed: 0
func Reduce[T, A any](src observable.Observable[T], seed A, f func(acc A, v T) A) observable.Observable[A] {
	if src == nil || f == nil {
		panic("operators.Reduce: nil source or function")
	}
	return reduce(src, func() A { return seed }, f)
}

// reduce is like [Reduce], with a seed that is made for each run.
func reduce[T, A any](src observable.Observable[T], seed func() A, f func(A, T) A) observable.Observable[A] {
	return func(ctx context.Context, emit func(A) bool) error {
		acc := seed()
		err := src(ctx, func(v T) bool {
			acc = f(acc, v)
			return true
		})
		if err == nil {
			emit(acc)
		}
		return err
	}
}
