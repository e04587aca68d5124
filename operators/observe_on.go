package operators

import (
	"context"

	"github.com/rivulet-go/rivulet/internal/engine"
	"github.com/rivulet-go/rivulet/internal/must"
	"github.com/rivulet-go/rivulet/observable"
)

// ObserveOn emits the items of src, and lets src run ahead while downstream is busy. It completes and fails like src; a
// failure comes after the items that wait.
//
// ObserveOn starts one goroutine, for src, and buffers up to capacity items, which must be positive, in addition to as
// many that downstream has been handed already. When the buffer is full, src waits. Items change goroutine in batches, at
// a fraction of the cost of a channel; a single item is handed over at once.
func ObserveOn[T any](src observable.Observable[T], capacity int) observable.Observable[T] {
	if src == nil {
		panic("operators.ObserveOn: nil source")
	}
	must.Positive("operators.ObserveOn", "capacity", capacity)
	return func(ctx context.Context, emit func(T) bool) (err error) {
		h := engine.NewHub[T](ctx, capacity)
		defer h.Close(&err)
		h.Start(src)
		return h.Each(emit)
	}
}

// SubscribeOn runs src in its own goroutine without buffering: src continues only after downstream has processed each
// item, and stops at the item at which downstream stops. It completes and fails like src. To let src run ahead, use
// [ObserveOn].
//
// A run lasts until its goroutines have ended, so SubscribeOn is of less use than in other libraries. It is for a source
// that needs a goroutine of its own, for example because it locks it to a thread.
//
// SubscribeOn starts one goroutine and buffers nothing.
func SubscribeOn[T any](src observable.Observable[T]) observable.Observable[T] {
	if src == nil {
		panic("operators.SubscribeOn: nil source")
	}
	return func(ctx context.Context, emit func(T) bool) (err error) {
		h := engine.NewHub[T](ctx, 1)
		defer h.Close(&err)
		done := make(chan struct{}, 1) // has a token when downstream has processed an item
		h.Start(func(ctx context.Context, emit func(T) bool) error {
			return src(ctx, func(v T) bool {
				if !emit(v) {
					return false
				}
				select {
				case <-done:
					return true
				case <-ctx.Done():
					return false
				}
			})
		})
		return h.Each(func(v T) bool {
			if !emit(v) {
				return false
			}
			done <- struct{}{}
			return true
		})
	}
}
