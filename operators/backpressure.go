package operators

import (
	"cmp"
	"context"
	"fmt"

	"github.com/rivulet-go/rivulet/internal/cause"
	"github.com/rivulet-go/rivulet/internal/must"
	"github.com/rivulet-go/rivulet/internal/queue"
	"github.com/rivulet-go/rivulet/observable"
)

// OnBackpressureBuffer lets src run ahead by up to capacity items, at least 1, which wait while downstream is busy.
// What happens to an item for which there is no room is set by the policy:
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
		s := newScope(ctx)
		defer s.close(&err)
		buffer := queue.New[T](capacity)
		defer buffer.Stop()
		s.feed(buffer.End, func() (failure error, told bool) { return fill(s.ctx, src, buffer, policy, onDrop) })
		return eachOne(s.parent, buffer, emit)
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

// fill runs src, as attend does, and puts what it emits into the buffer.
func fill[T any](
	ctx context.Context, src observable.Observable[T],
	buffer *queue.Queue[T], policy observable.Overflow, onDrop func(T),
) (failure error, told bool) {
	if policy == observable.Block {
		return attend(ctx, src, func(v T) bool { return buffer.Put(ctx.Done(), v) })
	}
	overflow := false
	failure, told = attend(ctx, src, func(v T) bool {
		dropped, full, ok := buffer.Offer(v, policy == observable.DropOldest)
		if full && onDrop != nil {
			onDrop(dropped)
		}
		overflow = full && policy == observable.Fail
		return ok && !overflow
	})
	if overflow {
		return cause.Join(observable.ErrOverflow, failure), false // src was told, but the failure is not of its ending
	}
	return failure, told
}

// eachOne hands on one item after the other. What waits stays in the buffer, where it can still be dropped, until its
// turn.
func eachOne[T any](ctx context.Context, buffer *queue.Queue[T], receive func(T) bool) error {
	for ctx.Err() == nil {
		v, found, more := buffer.TakeOne()
		switch {
		case found && !receive(v):
			return nil
		case found:
			continue
		case !more:
			return cmp.Or(context.Cause(ctx), buffer.Err())
		}
		<-buffer.Ready() // not beside ctx: when that is done the source ends, and tells the buffer
	}
	return context.Cause(ctx)
}
