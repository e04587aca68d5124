package operators

import (
	"context"

	"github.com/rivulet-go/rivulet/internal/must"
	"github.com/rivulet-go/rivulet/observable"
)

// ObserveOn emits the items of src and decouples it from what follows: src works on the next items while downstream
// is busy with this one. It is concurrent: src runs in a goroutine of its own, and up to capacity items wait, at
// least 1, beside as many that were fetched already; then src waits. Each item costs a fraction of what it does
// through a channel, since items change goroutine in batches; a lone item is handed over at once.
func ObserveOn[T any](src observable.Observable[T], capacity int) observable.Observable[T] {
	must.NotNil("operators.ObserveOn", src)
	must.Positive("operators.ObserveOn", "capacity", capacity)
	return func(ctx context.Context, emit func(T) bool) (err error) {
		h := newHubOf[T](ctx, capacity)
		defer h.close(&err)
		h.start(src)
		return h.each(emit)
	}
}

// SubscribeOn runs src in a goroutine of its own, in step with what follows: src goes on when downstream has done
// with an item, and is stopped at that very item, as if it ran where it is run. Nothing waits between them; for that
// see [ObserveOn].
//
// Because a run lasts until its goroutines have ended, it is of less use than in other libraries: it is for a source
// that needs a goroutine, such as one that locks it to a thread or holds a deep stack.
func SubscribeOn[T any](src observable.Observable[T]) observable.Observable[T] {
	must.NotNil("operators.SubscribeOn", src)
	return func(ctx context.Context, emit func(T) bool) (err error) {
		h := newHubOf[T](ctx, 1)
		defer h.close(&err)
		stepped, next := inStep(src)
		h.start(stepped)
		return h.each(func(v T) bool {
			if !emit(v) {
				return false
			}
			next()
			return true
		})
	}
}
