// Package queue provides the two boundaries between goroutines: [Inbox], from any number of producers to one consumer, and
// [Log], from one writer to any number of readers.
package queue

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// Inbox hands the items of any number of producers, each with a [Lane] of its own, to one consumer, which takes them in
// batches and in order of arrival.
//
// A producer appends to its lane with one atomic store and no lock. Only the lane whose turn it is may do so. Another
// lane first takes the lock and records how far the previous lane had got, which preserves the order of arrival. turn is
// nil while the consumer may be asleep, so one load shows a producer both that it must take the lock and that it
// must wake the consumer. Nothing waits for a batch to fill: a single item wakes the consumer at once. A consumer that is
// busy lets other goroutines run once before it takes a few items.
// docs/design.md says what was rejected.
type Inbox[T any] struct {
	capacity uint64
	ready    chan struct{}           // has a token when there may be something for the consumer
	over     chan struct{}           // closed when all producers have to stop
	turn     atomic.Pointer[Lane[T]] // the lane that may put without the lock

	_ [64]byte // producers load what is above for every item

	passed   atomic.Bool // a turn has ended since the last look
	mu       sync.Mutex
	ended    []stretch[T] // of the turns that are over, in order of arrival
	free     []*Lane[T]   // of producers that have ended, and whose items were taken
	open     int          // producers that have not ended
	finished bool         // all producers have to stop

	taking []stretch[T] // the consumer's
	next   int          // the first of taking that may have items left
	batch  []T          // that the consumer was given last
	yields bool         // yielding may bring items; set when it has work to gain from, cleared when it brings none
}

// A stretch is what a lane holds up to a position.
type stretch[T any] struct {
	lane *Lane[T]
	to   uint64
	last bool // the producer has ended
}

// NewInbox returns an inbox in which up to capacity items of each producer wait, at least one, in addition to those that
// the consumer has taken and the one with which the producer waits. Several inboxes of one consumer may share a ready
// channel, which must have a capacity of one.
func NewInbox[T any](capacity int, ready chan struct{}) *Inbox[T] {
	return &Inbox[T]{capacity: uint64(max(capacity, 1)), ready: ready, over: make(chan struct{})}
}

// Open returns a lane for one more producer, which must end it.
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

// begin gives the turn to a lane that has put an item. It returns false if the producer has to stop.
func (in *Inbox[T]) begin(lane *Lane[T]) bool {
	if in.turn.Load() != nil {
		runtime.Gosched() // the consumer has enough to do, and fewer, longer turns cost all sides less
	}
	in.mu.Lock()
	defer in.mu.Unlock()
	if in.finished {
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

// end records that a producer has ended. If it has failed, all producers have to stop.
func (in *Inbox[T]) end(lane *Lane[T], failed bool) {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.open--
	if in.finished {
		return
	}
	in.pass(nil)
	in.passed.Store(true)
	in.ended = append(in.ended, stretch[T]{lane: lane, to: lane.end.Load(), last: true})
	signal(in.ready)
	if failed {
		in.finish()
	}
}

// finish makes all producers stop. The caller must hold in.mu.
func (in *Inbox[T]) finish() {
	in.turn.Store(nil)
	in.finished = true
	close(in.over)
}

// Take returns items of one producer, which are valid until the next call. If the batch is empty, the consumer has to
// wait for Ready or, if more is false, nothing will come.
func (in *Inbox[T]) Take() (batch []T, more bool) {
	waited := len(in.batch) == 0
	clear(in.batch) // the inbox must not keep alive what the consumer has had
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
// first. It takes no lock, so that a single item arrives some 15 ns sooner. It reads the end before passed: if no turn
// has ended by then, all items up to that end were put in this turn.
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

// hasFew reports whether there are at most a few items to take.
func (in *Inbox[T]) hasFew() bool {
	turn := in.turn.Load()
	return !in.passed.Load() && (turn == nil || turn.length() < smallest)
}

// remaining returns items of the stretches that look has found, none when all were taken.
func (in *Inbox[T]) remaining() []T {
	for ; in.next < len(in.taking); in.next++ {
		s := &in.taking[in.next]
		if batch := s.lane.take(s.to); len(batch) > 0 {
			return batch
		}
	}
	return nil
}

// look finds the stretches that have come since the last look, including that of the current turn. If there are none, it
// ends the turn.
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
		in.turn.Store(nil) // before the look at the lane: the producer of an item that it misses will signal ready
	}
	if turn != nil && turn.length() > 0 {
		in.taking = append(in.taking, stretch[T]{lane: turn, to: turn.end.Load()})
	}
	found = len(in.taking) > 0
	in.yields = in.yields || found && in.open > 1
	return found, in.open > 0 && !in.finished
}

// Ready yields a token when there may be something to take, or an end to notice. It may be a false alarm.
func (in *Inbox[T]) Ready() <-chan struct{} { return in.ready }

// Stop drops the items that wait and makes every Put return false. It is for the consumer.
func (in *Inbox[T]) Stop() {
	in.mu.Lock()
	defer in.mu.Unlock()
	if !in.finished {
		in.finish()
	}
	in.ended, in.taking, in.next = nil, nil, 0
}

// keep is the size in items up to which a buffer is kept while it is empty.
const keep = 256

func signal(token chan<- struct{}) {
	select {
	case token <- struct{}{}:
	default:
	}
}
