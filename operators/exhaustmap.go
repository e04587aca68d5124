package operators

import (
	"context"

	"github.com/rivulet-go/rivulet/internal/engine"
	"github.com/rivulet-go/rivulet/observable"
)

// ExhaustMap runs the stream that f returns for an item and emits its items. While that stream runs, it drops the items of
// src. It completes when src and the last stream have completed, and fails with the first failure.
//
//	src:        --1---2------3---------|
//	ExhaustMap: --a--a--a----a--a--a---|   f: a--a--a|
//
// ExhaustMap starts one goroutine for src and one for each stream, and buffers up to 128 items of each. f is called on
// the goroutine that runs the operator. A busy stream never makes src wait.
func ExhaustMap[A, B any](
	src observable.Observable[A], f func(A) observable.Observable[B],
) observable.Observable[B] {
	if src == nil || f == nil {
		panic("operators.ExhaustMap: nil source or function")
	}
	return func(ctx context.Context, emit func(B) bool) error {
		place := make(chan struct{}, 1)
		free := func(A) bool {
			select {
			case place <- struct{}{}:
				return true
			default:
				return false
			}
		}
		return flatten(ctx, emit, Filter(src, free), place, func(a A) observable.Observable[B] {
			return engine.Inner("operators.ExhaustMap: f returned", f(a))
		})
	}
}

// ExhaustAll runs a stream that src emits and drops the streams that come while it runs. It is [ExhaustMap] of streams.
func ExhaustAll[T any](src observable.Observable[observable.Observable[T]]) observable.Observable[T] {
	if src == nil {
		panic("operators.ExhaustAll: nil source")
	}
	return ExhaustMap(src, itself)
}
