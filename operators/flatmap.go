package operators

import (
	"context"

	"github.com/rivulet-go/rivulet/internal/must"
	"github.com/rivulet-go/rivulet/observable"
)

// FlatMap runs the stream that f makes of every item, up to concurrency of them at once, and emits their items as they
// come: each stream's in order, those of different streams in order of arrival. An item of src waits for a free place,
// and with it src does. It completes when src and all of these streams have, and fails with the first that fails.
//
//	src:     --1------2--------|
//	FlatMap: --a--a--ab--b--b--|   f: a--a--a| or b--b--b|
//
// FlatMap is concurrent: it starts a goroutine for src and one for each stream that runs. f is called on the goroutine
// that runs the operator. With a concurrency of 1, the least, it is [ConcatMap] and starts none.
func FlatMap[A, B any](
	src observable.Observable[A], concurrency int, f func(A) observable.Observable[B],
) observable.Observable[B] {
	must.NotNil("operators.FlatMap", src, f)
	must.Positive("operators.FlatMap", "concurrency", concurrency)
	if concurrency == 1 {
		return ConcatMap(src, f)
	}
	return func(ctx context.Context, emit func(B) bool) error {
		places := make(chan struct{}, concurrency)
		// In step, so that for src, which may emit windows or groups, downstream is busy until f has been called.
		outer, next := inStep(queued(src, places))
		return flatten(ctx, emit, outer, places, func(a A) observable.Observable[B] {
			defer next()
			return f(a)
		})
	}
}

// MergeAll runs the streams that src emits, up to concurrency of them at once, and emits their items as they come.
// It is [FlatMap] with streams for items.
func MergeAll[T any](src observable.Observable[observable.Observable[T]], concurrency int) observable.Observable[T] {
	must.NotNil("operators.MergeAll", src)
	must.Positive("operators.MergeAll", "concurrency", concurrency)
	return FlatMap(src, concurrency, itself)
}

// queued is src with a place taken for every item, for which it waits.
func queued[T any](src observable.Observable[T], places chan<- struct{}) observable.Observable[T] {
	return func(ctx context.Context, emit func(T) bool) error {
		return src(ctx, func(v T) bool {
			select {
			case places <- struct{}{}:
				return emit(v)
			case <-unwitnessed(ctx).Done():
				return ctx.Err() == nil // its witness has to know that src is told to stop
			}
		})
	}
}

// flatten runs, beside src, the streams that f makes of the items of src, and emits the items of all of them. An item
// of src comes with a place, which is free again when its stream has ended.
func flatten[A, B any](
	ctx context.Context, emit func(B) bool,
	src observable.Observable[A], places <-chan struct{}, f func(A) observable.Observable[B],
) (err error) {
	type message struct {
		outer   A
		inner   B
		isOuter bool
	}
	h := newHub[message](ctx)
	defer h.close(&err)
	h.start(Map(src, func(a A) message { return message{outer: a, isOuter: true} }))
	return h.each(func(m message) bool {
		if !m.isOuter {
			return emit(m.inner)
		}
		inner := f(m.outer)
		h.start(func(ctx context.Context, emit func(message) bool) error {
			defer func() { <-places }()
			return inner(ctx, func(b B) bool { return emit(message{inner: b}) })
		})
		return true
	})
}
