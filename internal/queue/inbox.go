package queue

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// Inbox is where any number of producers, each with a [Lane] of its own, hand items to one consumer, who takes them in
// batches and in order of arrival.
//
// A lane leads from one goroutine to another and needs no lock: an item costs one atomic store. What the lanes have in
// common is whose turn it is: that of the one that has put last. Only a change of turns takes the lock, and notes how
// far the lane had come whose turn is over. While the consumer may be asleep it is nobody's turn, so that the same look
// tells a producer that it has to wake it. Nothing waits for a batch to fill: a lone item wakes the consumer at once, and
// only a consumer that is busy anyway lets other goroutines run, once, before it takes a few items.
//
// Rejected: one buffered channel (a lock and two wake-ups per item; with a select on a context more than four times
// the cost), one slice that all append to under a lock (twice the cost, most of it for the lock), and a consumer that goes
// through the lanes one after the other (hardly cheaper, and an effect could arrive before its cause).
type Inbox[T any] struct {
	capacity uint64
	ready    chan struct{}           // has a token when there may be something for the consumer
	over     chan struct{}           // closed when all producers have to stop
	turn     atomic.Pointer[Lane[T]] // nil when nobody may put without telling

	_ [64]byte // producers look at what is before for every item

	passed atomic.Bool // a turn has ended since the last look
	mu     sync.Mutex
	ended  []stretch[T] // of the turns that are over, in order of arrival
	free   []*Lane[T]   // whose producers have ended, and whose items were taken
	open   int          // producers that have not ended
	isOver bool         // stopped, or a producer has failed
	err    error        // of the first producer that failed

	taking []stretch[T] // the consumer's
	next   int          // the first of taking that may have items left
	batch  []T          // that the consumer was given last
	yields bool         // there may be producers to run before it sleeps or takes a few items; set until none brings any
}

// A stretch is what a lane has up to a position and was not taken before.
type stretch[T any] struct {
	lane *Lane[T]
	to   uint64
	last bool // the producer has ended
}

// NewInbox returns an inbox in which up to capacity items of each producer wait, one at least, beside those that the
// consumer has taken and the one with which the producer waits for room.
// Several inboxes of one consumer may share a ready channel, which must have a capacity of one.
func NewInbox[T any](capacity int, ready chan struct{}) *Inbox[T] {
	return &Inbox[T]{capacity: uint64(max(capacity, 1)), ready: ready, over: make(chan struct{})}
}

// Open announces one more producer, which must end its lane.
func (in *Inbox[T]) Open() *Lane[T] {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.open++
	last := len(in.free) - 1
	if last < 0 {
		return newLane(in)
	}
	lane := in.free[last]
	in.free = in.free[:last]
	return lane
}

// begin gives the turn to a lane that has put something. It returns false when the inbox is over.
func (in *Inbox[T]) begin(lane *Lane[T]) bool {
	if in.turn.Load() != nil {
		runtime.Gosched() // the consumer has enough to do, and fewer and longer turns cost everybody less
	}
	in.mu.Lock()
	defer in.mu.Unlock()
	if in.isOver {
		return false
	}
	in.pass(lane)
	return true
}

// pass gives the turn to a lane, or to none, and puts what came by now before what others put from now on. The turn
// changes before the end of its lane is read: a producer that does not see that it has lost it has put before.
func (in *Inbox[T]) pass(next *Lane[T]) {
	before := in.turn.Load()
	if before == nil {
		in.turn.Store(next)
		signal(in.ready)
		return
	}
	in.passed.Store(true) // before the turn changes: see current
	in.turn.Store(next)
	in.ended = append(in.ended, stretch[T]{lane: before, to: before.end.Load()})
}

// end says that a producer has ended; see [Lane.End].
func (in *Inbox[T]) end(lane *Lane[T], err error) (counts bool) {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.open--
	if in.isOver {
		return err == nil
	}
	in.pass(nil)
	in.passed.Store(true)
	in.ended = append(in.ended, stretch[T]{lane: lane, to: lane.end.Load(), last: true})
	signal(in.ready)
	if err != nil {
		in.err = err
		in.finish()
	}
	return true
}

// finish makes all producers stop.
func (in *Inbox[T]) finish() {
	in.turn.Store(nil)
	in.isOver = true
	close(in.over)
}

// Take hands items to the consumer, all of one producer, which are valid until the next call. An empty batch means
// that the consumer has to wait for Ready or, when more is false, that nothing will come.
func (in *Inbox[T]) Take() (batch []T, more bool) {
	waited := len(in.batch) == 0
	clear(in.batch) // what was handed on must not be kept alive
	if waited {
		if in.batch = in.current(); len(in.batch) > 0 {
			return in.batch, true
		}
	}
	yielded := false
	for {
		if in.batch = in.remaining(); len(in.batch) > 0 {
			return in.batch, true
		}
		if in.yields && !yielded && in.hasFew() {
			runtime.Gosched() // to sleep and be woken costs more, and longer turns cost everybody less
			yielded = true
		}
		found, more := in.look()
		if !found {
			in.yields = false
			return nil, more
		}
	}
}

// current returns items of the lane whose turn it is, unless a turn has ended since the last look, whose items come
// first. It takes no lock, so that a lone item arrives some 15 ns sooner. It reads the end before passed: if no turn has
// ended by then, all up to that end was put in this turn.
func (in *Inbox[T]) current() []T {
	turn := in.turn.Load()
	if turn == nil {
		return nil
	}
	to := turn.end.Load()
	if in.passed.Load() {
		return nil
	}
	return turn.take(to)
}

// hasFew tells whether there is next to nothing to take: a few items of the current turn, or none.
func (in *Inbox[T]) hasFew() bool {
	turn := in.turn.Load()
	return !in.passed.Load() && (turn == nil || turn.length() < smallest)
}

// remaining returns items of the stretches that were looked up, none when all were taken.
func (in *Inbox[T]) remaining() []T {
	for ; in.next < len(in.taking); in.next++ {
		s := &in.taking[in.next]
		if batch := s.lane.take(s.to); len(batch) > 0 {
			return batch
		}
	}
	return nil
}

// look gets the stretches that have come since the last look, that of the turn included. If there are none, it is
// nobody's turn afterwards.
func (in *Inbox[T]) look() (found, more bool) {
	in.mu.Lock()
	defer in.mu.Unlock()
	for _, s := range in.taking {
		if s.last {
			in.free = append(in.free, s.lane)
		}
	}
	in.taking, in.ended, in.next = in.ended, in.taking[:0], 0
	if len(in.taking) > 0 {
		in.passed.Store(false)
	}
	turn := in.turn.Load()
	if len(in.taking) == 0 {
		in.turn.Store(nil) // before the look at the lane: what it misses will be told
	}
	if turn != nil && turn.length() > 0 {
		in.taking = append(in.taking, stretch[T]{lane: turn, to: turn.end.Load()})
	}
	found = len(in.taking) > 0
	in.yields = in.yields || found && in.open > 1
	return found, in.open > 0 && !in.isOver
}

// Ready yields a token when there may be something to take, or an end to notice. It may be a false alarm.
func (in *Inbox[T]) Ready() <-chan struct{} { return in.ready }

// Stop ends the inbox from the consumer's side: whatever waits is dropped and every Put returns false.
func (in *Inbox[T]) Stop() {
	in.mu.Lock()
	defer in.mu.Unlock()
	if !in.isOver {
		in.finish()
	}
	in.ended, in.taking, in.next = nil, nil, 0
}

// Err is the error of the first producer that failed, nil while none has.
func (in *Inbox[T]) Err() error {
	in.mu.Lock()
	defer in.mu.Unlock()
	return in.err
}
