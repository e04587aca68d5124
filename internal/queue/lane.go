package queue

import (
	"runtime"
	"sync/atomic"
)

// Lane is one producer's way into an [Inbox]: a list of segments, which the producer fills and the consumer empties. An
// emptied segment is filled again.
type Lane[T any] struct {
	in    *Inbox[T]
	room  chan struct{}              // has a token when there may be room for the producer
	spare atomic.Pointer[segment[T]] // that the consumer has emptied

	// The producer's.
	filling *segment[T]
	filled  int           // items of filling
	limit   uint64        // the position up to which there was room
	end     atomic.Uint64 // the position after the last item
	waiting atomic.Bool   // for room

	_ [64]byte // the two sides write to different cache lines

	// The consumer's.
	emptying *segment[T]
	emptied  int           // items of emptying
	taken    atomic.Uint64 // the position after the last item taken
}

type segment[T any] struct {
	items []T
	next  *segment[T] // is filled after this one
}

func newLane[T any](in *Inbox[T]) *Lane[T] {
	first := &segment[T]{items: make([]T, smallest)}
	return &Lane[T]{in: in, room: make(chan struct{}, 1), filling: first, emptying: first, limit: in.capacity}
}

// Put appends an item and then waits until no more items than the capacity wait. The consumer can take v meanwhile, so
// that a producer and a consumer in lockstep need half as many wake-ups.
//
// It returns false if the producer has to stop, or if done was closed before there was room. In the latter case the
// consumer may still take v.
func (l *Lane[T]) Put(done <-chan struct{}, v T) bool {
	if l.filled == len(l.filling.items) {
		l.extend()
	}
	l.filling.items[l.filled] = v
	l.filled++
	end := l.end.Load() + 1
	l.end.Store(end)
	if l.in.turn.Load() != l && !l.in.begin(l) {
		return false
	}
	return end <= l.limit || l.await(done)
}

// End records that the producer has ended. If it has failed, all producers of the inbox have to stop; the consumer can
// still take what they have put before.
func (l *Lane[T]) End(failed bool) { l.in.end(l, failed) }

// Full reports whether Put would wait. It is for the producer.
func (l *Lane[T]) Full() bool { return l.end.Load()-l.taken.Load() >= l.in.capacity }

// extend begins another segment: the spare one, unless most items of this one still wait, when a larger one is needed less
// often.
func (l *Lane[T]) extend() {
	size := len(l.filling.items)
	if l.end.Load()-l.taken.Load() > uint64(size)/2 {
		size = min(2*size, 2*keep)
	}
	next := l.spare.Swap(nil)
	if next == nil || len(next.items) < size {
		next = &segment[T]{items: make([]T, size)}
	}
	l.filling.next = next
	l.filling, l.filled = next, 0
}

// await waits until no more items than the capacity wait.
func (l *Lane[T]) await(done <-chan struct{}) bool {
	runtime.Gosched() // to sleep and be woken costs more, and the consumer has often made room by then
	for {
		l.waiting.Store(true)
		l.limit = l.taken.Load() + l.in.capacity
		if l.end.Load() <= l.limit {
			l.waiting.Store(false)
			return true
		}
		select {
		case <-l.room:
		case <-done:
			return false
		case <-l.in.over:
			return false
		}
	}
}

// length returns the number of items that wait. It is for the consumer.
func (l *Lane[T]) length() uint64 { return l.end.Load() - l.taken.Load() }

// take returns the items up to a position that lie in one segment. The batch that it has returned before must not be in
// use.
func (l *Lane[T]) take(to uint64) []T {
	taken := l.taken.Load()
	if taken == to {
		return nil
	}
	if l.emptied == len(l.emptying.items) {
		l.recycle()
	}
	batch := l.emptying.items[l.emptied:]
	batch = batch[:min(uint64(len(batch)), to-taken)]
	l.emptied += len(batch)
	l.taken.Store(taken + uint64(len(batch)))
	if l.waiting.Load() {
		l.waiting.Store(false)
		l.in.yields = true
		signal(l.room)
	}
	return batch
}

// recycle moves on to the next segment.
func (l *Lane[T]) recycle() {
	empty := l.emptying
	l.emptying, l.emptied = empty.next, 0
	empty.next = nil
	l.spare.Store(empty)
}
