package operators

import (
	"context"

	"github.com/rivulet-go/rivulet/internal/engine"
	"github.com/rivulet-go/rivulet/internal/must"
	"github.com/rivulet-go/rivulet/observable"
)

// ConcatMap runs the stream that f makes of an item to its end, emitting its items, before it goes on with src. It
// fails with the first of these streams that fails.
//
//	src:       --1--2------------|
//	ConcatMap: --a--a--ab--b--b--|   f: a--a--a| or b--b--b|
func ConcatMap[A, B any](
	src observable.Observable[A], f func(A) observable.Observable[B],
) observable.Observable[B] {
	must.NotNil("operators.ConcatMap", src, f)
	return func(ctx context.Context, emit func(B) bool) error {
		out := engine.Gate[B]{Emit: emit}
		return engine.Try(ctx, src, func(a A) (more bool, err error) {
			err = f(a)(ctx, out.Send)
			return !out.Stopped, err
		})
	}
}

// ConcatAll runs the streams that src emits one after the other and emits their items. It is [ConcatMap] with streams
// for items.
func ConcatAll[T any](src observable.Observable[observable.Observable[T]]) observable.Observable[T] {
	must.NotNil("operators.ConcatAll", src)
	return ConcatMap(src, itself)
}
