package operators

import (
	"context"

	"github.com/rivulet-go/rivulet/internal/must"
	"github.com/rivulet-go/rivulet/observable"
)

// ExhaustMap runs the stream that f makes of an item and ignores the items of src that come while that stream runs.
// It completes when src and the last stream have, and fails with the first that fails.
//
//	src:        --1---2------3---------|
//	ExhaustMap: --a--a--a----a--a--a---|   f: a--a--a|
//
// ExhaustMap is concurrent: it starts a goroutine for src and one for the stream that runs. f is called on the
// goroutine that runs the operator. An item is ignored at once, so that a busy stream never holds src up.
func ExhaustMap[A, B any](
	src observable.Observable[A], f func(A) observable.Observable[B],
) observable.Observable[B] {
	must.NotNil("operators.ExhaustMap", src, f)
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
		return flatten(ctx, emit, Filter(src, free), place, f)
	}
}

// ExhaustAll runs a stream that src emits and ignores those that come while it runs. It is [ExhaustMap] with streams
// for items.
func ExhaustAll[T any](src observable.Observable[observable.Observable[T]]) observable.Observable[T] {
	must.NotNil("operators.ExhaustAll", src)
	return ExhaustMap(src, itself)
}
