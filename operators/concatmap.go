package operators

import (
	"context"

	"github.com/rivulet-go/rivulet/internal/engine"
	"github.com/rivulet-go/rivulet/observable"
)

// ConcatMap calls f for each item, runs the stream that f returns and emits its items. src continues when that stream
// completes. If a stream fails, ConcatMap stops src and fails with that error.
//
//	src:       --1--2------------|
//	ConcatMap: --a--a--ab--b--b--|   f: a--a--a| or b--b--b|
func ConcatMap[A, B any](
	src observable.Observable[A], f func(A) observable.Observable[B],
) observable.Observable[B] {
	if src == nil || f == nil {
		panic("operators.ConcatMap: nil source or function")
	}
	return concatMap("operators.ConcatMap: f returned", src, f)
}

// ConcatAll runs the streams that src emits one after another and emits their items. It is [ConcatMap] for a stream of
// streams.
func ConcatAll[T any](src observable.Observable[observable.Observable[T]]) observable.Observable[T] {
	if src == nil {
		panic("operators.ConcatAll: nil source")
	}
	return concatMap("operators.ConcatAll: src emitted", src, itself)
}

// concatMap panics with a message that starts with origin if f returns nil.
func concatMap[A, B any](
	origin string, src observable.Observable[A], f func(A) observable.Observable[B],
) observable.Observable[B] {
	return func(ctx context.Context, emit func(B) bool) error {
		out := engine.Gate[B]{Emit: emit}
		return engine.Try(ctx, src, func(a A) (more bool, err error) {
			err = engine.Inner(origin, f(a))(ctx, out.Send)
			return !out.Stopped, err
		})
	}
}
