package operators

import (
	"context"

	"github.com/rivulet-go/rivulet/internal/engine"
	"github.com/rivulet-go/rivulet/internal/must"
	"github.com/rivulet-go/rivulet/observable"
)

// FlatMap runs the stream that f returns for every item, up to concurrency of them at the same time, and emits their items
// as they arrive. It keeps the order of each stream. While concurrency streams run, src waits with its next item.
// FlatMap completes when src and all streams have completed, and fails with the first failure. concurrency must be
// positive.
//
//	src:     --1------2--------|
//	FlatMap: --a--a--ab--b--b--|   f: a--a--a| or b--b--b|
//
// FlatMap starts one goroutine for src and one for each stream that runs, and buffers up to 128 items per stream. f is
// called on the goroutine that runs the operator. With a concurrency of 1, FlatMap is [ConcatMap] and starts none; for
// short streams that do not wait, that is several times faster.
func FlatMap[A, B any](
	src observable.Observable[A], concurrency int, f func(A) observable.Observable[B],
) observable.Observable[B] {
	if src == nil || f == nil {
		panic("operators.FlatMap: nil source or function")
	}
	must.Positive("operators.FlatMap", "concurrency", concurrency)
	if concurrency == 1 {
		return ConcatMap(src, f)
	}
	return func(ctx context.Context, emit func(B) bool) error {
		places := make(chan struct{}, concurrency)
		in := new(engine.Intake)
		return flatten(ctx, emit, placed(src, places, in), places, func(a A) observable.Observable[B] {
			defer in.Pending.Add(-1)
			return engine.Inner("operators.FlatMap: f returned", f(a))
		})
	}
}

// MergeAll runs the streams that src emits, up to concurrency of them at the same time, and emits their items as they
// arrive. It is [FlatMap] of streams.
func MergeAll[T any](src observable.Observable[observable.Observable[T]], concurrency int) observable.Observable[T] {
	if src == nil {
		panic("operators.MergeAll: nil source")
	}
	must.Positive("operators.MergeAll", "concurrency", concurrency)
	return FlatMap(src, concurrency, itself)
}

// placed acquires a place for every item of src before it emits the item.
func placed[T any](src observable.Observable[T], places chan<- struct{}, in *engine.Intake) observable.Observable[T] {
	return func(ctx context.Context, emit func(T) bool) error {
		return src(in.Mark(ctx), func(v T) bool {
			if !acquire(ctx, places, in) {
				return false
			}
			in.Pending.Add(1)
			return emit(v)
		})
	}
}

func acquire(ctx context.Context, places chan<- struct{}, in *engine.Intake) bool {
	select {
	case places <- struct{}{}:
		return true
	default:
	}
	in.Held.Store(true)
	defer in.Held.Store(false)
	select {
	case places <- struct{}{}:
		return true
	case <-ctx.Done():
		return false
	}
}

// flatten runs src and, at the same time, the streams that f returns for its items, and emits the items of all streams.
// Each item of src comes with a place, which flatten releases when the item's stream has ended.
func flatten[A, B any](
	ctx context.Context, emit func(B) bool,
	src observable.Observable[A], places <-chan struct{}, f func(A) observable.Observable[B],
) (err error) {
	type message struct {
		outer   A
		inner   B
		isOuter bool
	}
	h := engine.NewHub[message](ctx, engine.Capacity)
	defer h.Close(&err)
	h.Start(Map(src, func(a A) message { return message{outer: a, isOuter: true} }))
	return h.Each(func(m message) bool {
		if !m.isOuter {
			return emit(m.inner)
		}
		inner := f(m.outer)
		h.Start(func(ctx context.Context, emit func(message) bool) error {
			defer func() { <-places }()
			return inner(ctx, func(b B) bool { return emit(message{inner: b}) })
		})
		return true
	})
}
