package operators

import (
	"cmp"
	"context"
	"fmt"

	"github.com/rivulet-go/rivulet/internal/must"
	"github.com/rivulet-go/rivulet/observable"
)

// OnBackpressureBuffer lets src run ahead by up to capacity items, which wait while downstream is busy. What happens
// to an item for which there is no room is set by the policy:
//
//   - [observable.Block]: src waits. Nothing is lost.
//   - [observable.DropOldest]: the item that has waited longest makes room.
//   - [observable.DropNewest]: the item that came is dropped.
//   - [observable.Fail]: src is stopped and, after the items that wait, the stream fails with
//     [observable.ErrOverflow]. The item that came is dropped.
//
// Each dropped item is given to onDrop, unless that is nil. The completion or failure of src comes after the items
// that wait.
//
// OnBackpressureBuffer is concurrent: it starts one goroutine. onDrop is called there, where the items are dropped:
// one call at a time, and src waits for it. So it should be quick, and what it shares with functions downstream
// needs a lock, or has to wait until the run has ended.
func OnBackpressureBuffer[T any](
	src observable.Observable[T], capacity int, policy observable.Overflow, onDrop func(T),
) observable.Observable[T] {
	const name = "operators.OnBackpressureBuffer"
	must.NotNil(name, src)
	must.Positive(name, "capacity", capacity)
	if policy < observable.Block || observable.Fail < policy {
		panic(fmt.Sprintf("%s: policy is %d, which is none", name, policy))
	}
	return func(ctx context.Context, emit func(T) bool) (err error) {
		h := newHubOf[T](ctx, capacity)
		defer h.close(&err)
		if policy == observable.Block {
			h.start(src)
		} else {
			h.start(h.lossy(src, policy, onDrop))
		}
		return h.eachOne(emit)
	}
}

// OnBackpressureDrop drops the items that come while downstream is busy, but for one that waits: the first. It is
// [OnBackpressureBuffer] with a capacity of 1 and [observable.DropNewest], also as to onDrop, which may be nil.
func OnBackpressureDrop[T any](src observable.Observable[T], onDrop func(T)) observable.Observable[T] {
	must.NotNil("operators.OnBackpressureDrop", src)
	return OnBackpressureBuffer(src, 1, observable.DropNewest, onDrop)
}

// OnBackpressureLatest drops the items that come while downstream is busy, but for one that waits: the latest. It is
// [OnBackpressureBuffer] with a capacity of 1 and [observable.DropOldest].
//
//	src:                  -1-2-3-4-----5-|
//	OnBackpressureLatest: -1-----4-----5-|   (downstream is busy with each item for 5 places)
func OnBackpressureLatest[T any](src observable.Observable[T]) observable.Observable[T] {
	must.NotNil("operators.OnBackpressureLatest", src)
	return OnBackpressureBuffer(src, 1, observable.DropOldest, nil)
}

// lossy is src for a hub that it does not wait for.
func (h *hub[T]) lossy(
	src observable.Observable[T], policy observable.Overflow, onDrop func(T),
) observable.Observable[T] {
	return func(ctx context.Context, _ func(T) bool) error {
		failed := false
		err := src(ctx, func(v T) bool {
			dropped, full, ok := h.inbox.Offer(v, policy == observable.DropOldest)
			if full && onDrop != nil {
				onDrop(dropped)
			}
			failed = full && policy == observable.Fail
			return ok && !failed
		})
		if failed {
			return join(observable.ErrOverflow, err)
		}
		return err
	}
}

// eachOne is each that leaves an item in the inbox, where it can still be dropped, until its turn.
func (h *hub[M]) eachOne(receive func(M) bool) error {
	for h.parent.Err() == nil {
		m, found, more := h.inbox.TakeOne()
		switch {
		case found && !receive(m):
			return nil
		case found:
			continue
		case !more:
			return cmp.Or(context.Cause(h.parent), h.inbox.Err())
		}
		select {
		case <-h.inbox.Ready():
		case <-h.parent.Done():
		}
	}
	return context.Cause(h.parent)
}
