package operators

import (
	"context"
	"slices"

	"github.com/rivulet-go/rivulet/internal/engine"
	"github.com/rivulet-go/rivulet/internal/must"
	"github.com/rivulet-go/rivulet/observable"
)

// Take emits the first n items and then completes without waiting for another. If n is 0, it completes without running
// src.
func Take[T any](src observable.Observable[T], n int) observable.Observable[T] {
	if src == nil {
		panic("operators.Take: nil source")
	}
	must.NotNegative("operators.Take", "n", n)
	return func(ctx context.Context, emit func(T) bool) error {
		if n == 0 {
			return context.Cause(ctx)
		}
		left := n
		return src(ctx, func(v T) bool {
			left--
			return emit(v) && left > 0
		})
	}
}

// TakeLast emits the last n items, in order, when src completes. It buffers up to n items. If src fails, TakeLast
// emits nothing.
//
// If n is 0, TakeLast still runs src to its end and fails if src does, as in RxJava. (RxJS completes at once.)
func TakeLast[T any](src observable.Observable[T], n int) observable.Observable[T] {
	if src == nil {
		panic("operators.TakeLast: nil source")
	}
	must.NotNegative("operators.TakeLast", "n", n)
	return func(ctx context.Context, emit func(T) bool) error {
		latest := ring[T]{limit: n}
		err := src(ctx, func(v T) bool {
			latest.push(v)
			return true
		})
		if err == nil {
			_, err = engine.SendAll(ctx, emit, latest.inOrder())
		}
		return err
	}
}

// TakeWhile emits items while keep returns true. When keep returns false for an item, TakeWhile discards that item,
// stops src and completes.
func TakeWhile[T any](src observable.Observable[T], keep func(T) bool) observable.Observable[T] {
	if src == nil || keep == nil {
		panic("operators.TakeWhile: nil source or function")
	}
	return func(ctx context.Context, emit func(T) bool) error {
		return src(ctx, func(v T) bool { return keep(v) && emit(v) })
	}
}

// TakeThrough is like [TakeWhile], but emits the last item too: when more returns false for an item, TakeThrough emits
// that item, stops src and completes.
func TakeThrough[T any](src observable.Observable[T], more func(T) bool) observable.Observable[T] {
	if src == nil || more == nil {
		panic("operators.TakeThrough: nil source or function")
	}
	return func(ctx context.Context, emit func(T) bool) error {
		return src(ctx, func(v T) bool {
			goOn := more(v)
			return emit(v) && goOn
		})
	}
}

// ring holds the latest items, up to limit. It grows as items arrive, so a high limit alone takes no memory.
type ring[T any] struct {
	limit  int
	items  []T
	oldest int // index of the oldest item, once the ring is full
}

// push adds an item. If the ring is full, push returns the item that v replaces, and true.
func (r *ring[T]) push(v T) (displaced T, ok bool) {
	if r.limit == 0 {
		return v, true
	}
	if len(r.items) < r.limit {
		r.items = append(r.items, v)
		return displaced, false
	}
	displaced, r.items[r.oldest] = r.items[r.oldest], v
	r.oldest = (r.oldest + 1) % r.limit
	return displaced, true
}

// inOrder returns the items from the oldest to the newest.
func (r *ring[T]) inOrder() []T {
	return slices.Concat(r.items[r.oldest:], r.items[:r.oldest])
}
