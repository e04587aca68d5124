// Package queue has the asynchronous boundary of the concurrent operators, [Inbox]; the buffer from which something may
// be dropped, [Queue]; and the log that the hot streams share, [Log].
package queue

import "sync"

// Queue is a bounded first-in, first-out queue from any number of producers to one consumer, for when not every item
// has to arrive: a producer may [Queue.Offer] one, for which another is dropped if need be. Where all have to,
// [Inbox] costs half as much.
//
// Items are handed over one by one or in batches: a producer appends under a short lock, the consumer takes the whole
// slice and leaves an empty one. Two channels of capacity one carry the wake-ups, so that either side can wait for the
// other beside a context or a timer. Nothing waits for a batch to fill: a lone item wakes the consumer at once.
type Queue[T any] struct {
	capacity int
	ready    chan struct{} // has a token when there may be something for the consumer
	room     chan struct{} // has a token when there may be room for a producer that waits; closed by Stop

	mu      sync.Mutex
	items   []T // what waits is items[head:]
	head    int
	waiting int  // producers that wait for room for an item, which is among items already
	open    int  // producers that have begun and not ended
	over    bool // stopped, or a producer has failed
	idle    bool // the consumer has found nothing to take
	stopped bool
	err     error // of the first producer that failed
	batch   []T   // that the consumer was given last
}

// keep is the size in items up to which an empty buffer is kept for the next items; a larger one is given back
// whenever the queue runs empty. Growing it anew costs the same per item as filling it.
const keep = 256

// New returns a queue in which up to capacity items, one at least, wait beside those that the consumer has taken and
// the one with which each producer waits for room.
// Several queues of one consumer may share a ready channel, which must have a capacity of one.
func New[T any](capacity int, ready chan struct{}) *Queue[T] {
	return &Queue[T]{capacity: max(capacity, 1), ready: ready, room: make(chan struct{}, 1)}
}

// Open announces one more producer, which must call End.
func (q *Queue[T]) Open() {
	q.mu.Lock()
	q.open++
	q.mu.Unlock()
}

// End says that a producer has ended. An error ends the queue for all of them, after what waits in it. It returns
// false for an error that does not count, as the queue was over before.
func (q *Queue[T]) End(err error) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	counts := err == nil || !q.over
	q.open--
	if counts && err != nil {
		q.err, q.over = err, true
	}
	signal(q.ready)
	q.passOn()
	return counts
}

// Put appends an item and, if the queue was full, waits until there is room for it. The consumer takes what is
// waited with as well, so that a producer and a consumer in lockstep need half as many wake-ups.
//
// It returns false when a producer has failed, the consumer has stopped, or done was closed before there was room.
// In the last case the item may still be taken.
func (q *Queue[T]) Put(done <-chan struct{}, v T) bool {
	q.mu.Lock()
	ok := !q.over
	if ok {
		q.push(v)
		ok = q.len() <= q.capacity || q.await(done)
	}
	q.mu.Unlock()
	return ok
}

// await waits until no more waits than the capacity.
func (q *Queue[T]) await(done <-chan struct{}) bool {
	for !q.over && q.len() > q.capacity {
		q.waiting++
		q.mu.Unlock()
		left := false
		select {
		case <-q.room:
		case <-done:
			left = true
		}
		q.mu.Lock()
		q.waiting--
		if left {
			return false
		}
	}
	q.passOn()
	return !q.over
}

// Offer appends an item without ever waiting. When the queue is full an item is dropped, which it returns: the one
// that has waited longest if displace is set, else v. The result ok is false, as that of Put, when the queue is over.
func (q *Queue[T]) Offer(v T, displace bool) (dropped T, full, ok bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.over {
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
		return nil, q.open > 0 && !q.over
	}
	q.items, q.head, q.batch = q.batch[:0], 0, q.items[q.head:]
	q.passOn()
	return q.batch, true
}

// TakeOne hands the item that has waited longest to the consumer, and leaves the others where Offer can drop them.
// found is false when nothing waits; more then is as for Take.
func (q *Queue[T]) TakeOne() (v T, found, more bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.len() == 0 {
		return v, false, q.open > 0 && !q.over
	}
	v = q.shift()
	if q.len() == 0 {
		q.items, q.head = trim(q.items), 0
	}
	q.passOn()
	return v, true, true
}

// Ready yields a token when there may be something to take, or an end to notice. It may be a false alarm.
func (q *Queue[T]) Ready() <-chan struct{} { return q.ready }

// Idle tells whether the consumer has nothing to do: Take has found nothing, and nothing has come since, nor the end.
func (q *Queue[T]) Idle() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.idle && q.len() == 0 && q.open > 0 && !q.over
}

// Stop ends the queue from the consumer's side: whatever waits is dropped and every Put returns false.
func (q *Queue[T]) Stop() {
	q.mu.Lock()
	defer q.mu.Unlock()
	if !q.stopped {
		q.stopped, q.over = true, true
		q.items, q.head = nil, 0
		close(q.room)
	}
}

// Err is the error of the first producer that failed, nil while none has.
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

// passOn wakes one producer that waits, when it need not any more. Each one that is woken wakes the next, so that one
// token serves them all.
func (q *Queue[T]) passOn() {
	if q.waiting > 0 && !q.stopped && (q.err != nil || q.len() <= q.capacity) {
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

func signal(token chan<- struct{}) {
	select {
	case token <- struct{}{}:
	default:
	}
}
