package operators

import (
	"context"
	"fmt"
	"sync"

	"github.com/rivulet-go/rivulet/internal/engine"
	"github.com/rivulet-go/rivulet/internal/must"
	"github.com/rivulet-go/rivulet/observable"
)

// OnBackpressureBuffer lets src run ahead of downstream by up to capacity items, which must be positive. The policy decides
// what happens to an item when there is no room for it:
//
//   - [observable.Block]: src waits, and no item is lost. This is [ObserveOn].
//   - [observable.DropOldest]: the item that has waited longest is dropped.
//   - [observable.DropNewest]: the new item is dropped.
//   - [observable.Fail]: the new item is dropped, and src is canceled. After the items that wait, the stream fails with
//     [observable.ErrOverflow].
//
// onDrop is called for every dropped item, unless it is nil. The end of src comes after the items that wait.
//
// OnBackpressureBuffer starts one goroutine, for src, and buffers up to capacity items. onDrop is called on that goroutine,
// one call at a time, and src waits for it. Data that it shares with functions downstream needs a lock.
func OnBackpressureBuffer[T any](
	src observable.Observable[T], capacity int, policy observable.Overflow, onDrop func(T),
) observable.Observable[T] {
	const name = "operators.OnBackpressureBuffer"
	if src == nil {
		panic(name + ": nil source")
	}
	must.Positive(name, "capacity", capacity)
	switch policy {
	case observable.Block:
		return ObserveOn(src, capacity)
	case observable.DropOldest, observable.DropNewest, observable.Fail:
	default:
		panic(fmt.Sprintf("%s: policy is %d, which is none", name, policy))
	}
	if onDrop == nil {
		onDrop = func(T) {}
	}
	return func(ctx context.Context, emit func(T) bool) (err error) {
		g := engine.NewGroup(ctx)
		defer g.Close(&err)
		b := &backlog[T]{limit: capacity, ready: make(chan struct{}, 1)}
		engine.Start(g, src, func(v T) bool {
			dropped, full := b.put(v, policy)
			if full {
				onDrop(dropped)
			}
			if full && policy == observable.Fail {
				g.Fail(observable.ErrOverflow)
				return false
			}
			return true
		}, b.end)
		return b.each(g, emit)
	}
}

// OnBackpressureDrop drops the items that come while downstream is busy, except the first of them, which waits. It is
// [OnBackpressureBuffer] with a capacity of 1 and [observable.DropNewest].
func OnBackpressureDrop[T any](src observable.Observable[T], onDrop func(T)) observable.Observable[T] {
	if src == nil {
		panic("operators.OnBackpressureDrop: nil source")
	}
	return OnBackpressureBuffer(src, 1, observable.DropNewest, onDrop)
}

// OnBackpressureLatest drops the items that come while downstream is busy, except the latest of them, which waits. It is
// [OnBackpressureBuffer] with a capacity of 1 and [observable.DropOldest].
//
//	src:                  -1-2-3-4-----5-|
//	OnBackpressureLatest: -1-----4-----5-|   (downstream is busy with each item for 5 places)
func OnBackpressureLatest[T any](src observable.Observable[T]) observable.Observable[T] {
	if src == nil {
		panic("operators.OnBackpressureLatest: nil source")
	}
	return OnBackpressureBuffer(src, 1, observable.DropOldest, nil)
}

// A backlog holds the items that wait. Until downstream takes one, it can still be dropped.
type backlog[T any] struct {
	limit int
	ready chan struct{} // has a token when there may be an item, or the end

	mu     sync.Mutex
	items  []T // a ring, which grows up to limit
	oldest int // index of the item that has waited longest
	n      int // how many items wait
	ended  bool
}

// put adds an item. If the backlog is full, it returns the item that is dropped.
func (b *backlog[T]) put(v T, policy observable.Overflow) (dropped T, full bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	full = b.n == b.limit
	if full && policy != observable.DropOldest {
		return v, true
	}
	if full {
		dropped = b.shift()
	}
	b.push(v)
	b.signal()
	return dropped, full
}

func (b *backlog[T]) push(v T) {
	if b.n == len(b.items) {
		grown := make([]T, min(max(16, 2*b.n), b.limit))
		copied := copy(grown, b.items[b.oldest:])
		copy(grown[copied:], b.items[:b.oldest])
		b.items, b.oldest = grown, 0
	}
	b.items[(b.oldest+b.n)%len(b.items)] = v
	b.n++
}

func (b *backlog[T]) shift() T {
	var zero T
	v := b.items[b.oldest]
	b.items[b.oldest] = zero
	b.oldest = (b.oldest + 1) % len(b.items)
	b.n--
	return v
}

func (b *backlog[T]) end(bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.ended = true
	b.signal()
}

func (b *backlog[T]) signal() {
	select {
	case b.ready <- struct{}{}:
	default:
	}
}

// take returns the item that has waited longest, if there is one, and whether another may follow.
func (b *backlog[T]) take() (v T, found, more bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.n == 0 {
		return v, false, !b.ended
	}
	return b.shift(), true, true
}

// each emits the items until src has ended and none is left, emit returns false, or the context is done.
func (b *backlog[T]) each(g *engine.Group, emit func(T) bool) error {
	for g.Parent.Err() == nil {
		v, found, more := b.take()
		switch {
		case found && !emit(v):
			return nil
		case found:
		case !more:
			return g.Result()
		default:
			<-b.ready // and not for the context: when that is done, src ends, and its end comes here
		}
	}
	return context.Cause(g.Parent)
}
