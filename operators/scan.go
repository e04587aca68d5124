package operators

import (
	"context"

	"github.com/rivulet-go/rivulet/internal/engine"
	"github.com/rivulet-go/rivulet/internal/must"
	"github.com/rivulet-go/rivulet/observable"
)

// Scan folds the items into a state that begins with seed, and emits the state after every item.
//
//	src:  --1--2--3--|
//	Scan: --1--3--6--|   f: acc + v, seed: 0
//
// Every run begins with the same seed: when it is a map, a pointer or a slice, f must return a changed copy, else
// the runs share what it changes.
func Scan[T, A any](src observable.Observable[T], seed A, f func(acc A, v T) A) observable.Observable[A] {
	must.NotNil("operators.Scan", src, f)
	return func(ctx context.Context, emit func(A) bool) error {
		acc := seed
		return src(ctx, func(v T) bool {
			acc = f(acc, v)
			return emit(acc)
		})
	}
}

// TryScan is [Scan] with a function that can fail: the stream fails with the first error that f returns.
func TryScan[T, A any](
	src observable.Observable[T], seed A, f func(ctx context.Context, acc A, v T) (A, error),
) observable.Observable[A] {
	must.NotNil("operators.TryScan", src, f)
	return func(ctx context.Context, emit func(A) bool) error {
		acc := seed
		return engine.Try(ctx, src, func(v T) (bool, error) {
			var err error
			acc, err = f(ctx, acc, v)
			return err == nil && emit(acc), err
		})
	}
}

// Reduce folds the items into a state that begins with seed, and emits the last state when the source is complete:
// one item, which is the seed when the source is empty. For the seed goes what [Scan] says.
//
//	src:    --1--2--3--|
//	Reduce: -----------(6|)   f: acc + v, seed: 0
func Reduce[T, A any](src observable.Observable[T], seed A, f func(acc A, v T) A) observable.Observable[A] {
	must.NotNil("operators.Reduce", src, f)
	return reduce(src, func() A { return seed }, f)
}

// reduce is [Reduce] with a seed that each run makes for itself.
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
