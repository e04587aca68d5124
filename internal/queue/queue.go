package queue

import "sync"

// Queue is a bounded first-in, first-out queue from one producer to one consumer, for when not every item has to arrive:
// the producer may [Queue.Offer] one, for which another is dropped if need be. Where all have to, [Inbox] costs half as
// much.
//
// Items are handed over one by one or in batches: the producer appends under a short lock, the consumer takes the whole
// slice and leaves an empty one. Two channels of capacity one carry the wake-ups, so that either side can wait for the
// other beside a context or a timer. Nothing waits for a batch to fill: a lone item wakes the consumer at once.
type Queue[T any] struct {
	capacity int
	ready    chan struct{} // has a token when there may be something for the consumer
	room     chan struct{} // has a token when there may be room for the producer; closed by Stop

	mu      sync.Mutex
	items   []T // what waits is items[head:]
	head    int
	waiting bool  // for room for an item, which is among items already
	idle    bool  // the consumer has found nothing to take
	ended   bool  // by the producer
	stopped bool  // by the consumer
	err     error // with which the producer ended
	batch   []T   // that the consumer was given last
}

// New returns a queue in which up to capacity items, one at least, wait beside those that the consumer has taken and
// the one with which the producer waits for room.
func New[T any](capacity int) *Queue[T] {
	return &Queue[T]{capacity: max(capacity, 1), ready: make(chan struct{}, 1), room: make(chan struct{}, 1)}
}

// End says that nothing follows what waits, but for the producer's failure if it is not nil. It returns false for an
// error that does not count, as the consumer had stopped before.
func (q *Queue[T]) End(err error) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.stopped {
		return err == nil
	}
	q.ended, q.err = true, err
	signal(q.ready)
	return true
}

// Put appends an item and, if the queue was full, waits until there is room for it. The consumer takes what is
// waited with as well, so that a producer and a consumer in lockstep need half as many wake-ups.
//
// It returns false when the consumer has stopped or done was closed before there was room. In the last case the item
// may still be taken.
func (q *Queue[T]) Put(done <-chan struct{}, v T) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.stopped {
		return false
	}
	q.push(v)
	return q.len() <= q.capacity || q.await(done)
}

// await waits until no more waits than the capacity.
func (q *Queue[T]) await(done <-chan struct{}) bool {
	for !q.stopped && q.len() > q.capacity {
		q.waiting = true
		q.mu.Unlock()
		left := false
		select {
		case <-q.room:
		case <-done:
			left = true
		}
		q.mu.Lock()
		q.waiting = false
		if left {
			return false
		}
	}
	return !q.stopped
}

// Offer appends an item without ever waiting. When the queue is full an item is dropped, which it returns: the one
// that has waited longest if displace is set, else v. The result ok is false when the consumer has stopped.
func (q *Queue[T]) Offer(v T, displace bool) (dropped T, full, ok bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.stopped {
		return dropped, false, false
	}
	if full = q.len() >= q.capacity; full {
		if !displace {
			return v, true, true
		}
		dropped = q.shift()
	}
	q.push(v)
	return dropped, full, true
}

// Take hands all that waits to the consumer, for which it is valid until the next call. An empty batch means that the
// consumer has to wait for Ready or, when more is false, that nothing will come.
func (q *Queue[T]) Take() (batch []T, more bool) {
	clear(q.batch) // outside the lock: what was handed on must not be kept alive
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.idle = q.len() == 0; q.idle {
		q.items, q.head, q.batch = trim(q.items), 0, trim(q.batch)
		return nil, q.goesOn()
	}
	q.items, q.head, q.batch = q.batch[:0], 0, q.items[q.head:]
	q.wakeProducer()
	return q.batch, true
}

// TakeOne hands the item that has waited longest to the consumer, and leaves the others where Offer can drop them.
// found is false when nothing waits; more then is as for Take.
func (q *Queue[T]) TakeOne() (v T, found, more bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.len() == 0 {
		return v, false, q.goesOn()
	}
	v = q.shift()
	if q.len() == 0 {
		q.items, q.head = trim(q.items), 0
	}
	q.wakeProducer()
	return v, true, true
}

// Ready yields a token when there may be something to take, or an end to notice. It may be a false alarm.
func (q *Queue[T]) Ready() <-chan struct{} { return q.ready }

// Idle tells whether the consumer has nothing to do: Take has found nothing, and nothing has come since, nor the end.
func (q *Queue[T]) Idle() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.idle && q.len() == 0 && q.goesOn()
}

// goesOn tells whether something may follow what waits.
func (q *Queue[T]) goesOn() bool { return !q.ended && !q.stopped }

// Stop ends the queue from the consumer's side: whatever waits is dropped and every Put returns false.
func (q *Queue[T]) Stop() {
	q.mu.Lock()
	defer q.mu.Unlock()
	if !q.stopped {
		q.stopped = true
		q.items, q.head = nil, 0
		close(q.room)
	}
}

// Err is the error with which the producer has ended, nil before.
func (q *Queue[T]) Err() error {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.err
}

func (q *Queue[T]) len() int { return len(q.items) - q.head }

// push appends an item, for which there is room.
func (q *Queue[T]) push(v T) {
	if len(q.items) == cap(q.items) && q.head > len(q.items)/2 { // moving fewer than were taken costs O(1) an item
		n := copy(q.items, q.items[q.head:])
		clear(q.items[n:])
		q.items, q.head = q.items[:n], 0
	}
	q.items = append(q.items, v)
	if q.len() == 1 {
		signal(q.ready)
	}
}

// shift removes the item that has waited longest.
func (q *Queue[T]) shift() T {
	var zero T
	v := q.items[q.head]
	q.items[q.head] = zero
	q.head++
	return v
}

// wakeProducer wakes the producer when there is room again.
func (q *Queue[T]) wakeProducer() {
	if q.waiting && q.len() <= q.capacity {
		signal(q.room)
	}
}

// trim is an emptied buffer, unless it is so large that it is better given back.
func trim[T any](buffer []T) []T {
	if cap(buffer) > keep {
		return nil
	}
	return buffer[:0]
}
