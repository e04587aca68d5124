package queue

import (
	"errors"
	"math/bits"
	"runtime"
	"sync"

	"github.com/rivulet-go/rivulet/internal/goroutines"
)

// Log is what all subscribers of a hot stream share: one ring that holds each item once, and many readers, each of
// which goes through it at its own pace. See [Reader].
//
// One short lock guards it all; a reader copies a batch out under it. The position of the slowest reader, before
// which nothing is needed, is not kept up to date but looked for when the ring seems full, so that an item costs the
// same however many readers there are. The ring grows by doubling as the slowest reader falls behind, and is given
// back when all have read everything.
// docs/design.md says what was rejected.
type Log[T any] struct {
	LogConfig
	limit uint64 // the most items that a reader may have before it

	mu    sync.Mutex
	ring  []T    // its length is a power of two, or 0; the item at position p is in ring[p % len(ring)]
	start uint64 // the first position that is kept
	end   uint64 // the position of the next item

	readers   []*Reader[T]
	slowest   uint64 // a position that no reader is behind
	atSlowest int    // how many readers are exactly there; with 0 there may be a later such position
	caughtUp  int    // how many readers are at end

	buffers *sync.Pool // of *[batchSize]T, for batches of more than a few items; a pool in the log would keep it alive

	asleep []*Reader[T]  // readers that wait for items
	round  uint64        // how often they were woken, all of them; a reader that sleeps has the same number
	room   chan struct{} // closed when there may be room or the log ends, nil when no writer waits

	closed bool
	err    error
}

// LogConfig is how a log behaves. The zero Dropped is allowed with the policies that drop nothing.
type LogConfig struct {
	Capacity int         // items that may wait for a reader, in addition to those of Replay and those that it has taken; > 0
	Replay   int         // the last items, which are kept for readers that come later
	EndOnly  bool        // readers that come after the end get no Replay
	Overflow Overflow    // what happens to an item when a reader lags too far behind
	Dropped  func(n int) // called when one reader (DropOldest) or all (DropNewest) will not get n items

	// Reentrant lets a reader's own goroutine call Append under Block. Each reader then costs a look at its stack, some
	// microseconds.
	Reentrant bool
}

// Overflow is a policy for what happens when the slowest reader has no room for another item.
type Overflow int

const (
	Block      Overflow = iota // the writer waits
	DropOldest                 // the slowest reader misses the oldest item
	DropNewest                 // the item is not written
	Fail                       // the slowest reader ends with ErrOverflow
)

// ErrOverflow is the failure of a reader that was too slow for the policy Fail.
var ErrOverflow = errors.New("rivulet: the buffer of a slow consumer overflowed")

const (
	smallest = 16       // the size in items of the smallest ring and of the smallest buffer of a reader
	keepRing = 4 * keep // the size in items up to which a ring is kept for the next ones: it is one for all readers
)

// NewLog returns an empty log.
func NewLog[T any](config LogConfig) *Log[T] {
	limit := uint64(config.Capacity) + uint64(config.Replay)
	return &Log[T]{LogConfig: config, limit: limit, buffers: new(sync.Pool), round: 1}
}

// Renew returns an open log that begins with what this one would replay.
func (l *Log[T]) Renew() *Log[T] {
	next := NewLog[T](l.LogConfig)
	l.mu.Lock()
	defer l.mu.Unlock()
	for p := l.replayFrom(); p < l.end; p++ {
		next.Append(nil, *l.at(p))
	}
	return next
}

// Append writes an item for all readers. It returns false when the log is closed or, under Block, done was closed
// before there was room; the item is then not written.
//
// Under Block, in a log that is Reentrant, a call on the goroutine of a reader, from within its emit, never waits for
// that reader: it writes beyond the capacity instead.
func (l *Log[T]) Append(done <-chan struct{}, v T) bool {
	l.mu.Lock()
	verdict := l.admit(done)
	var asleep []*Reader[T]
	if verdict == written {
		l.push(v)
		asleep = l.rouse()
	}
	l.mu.Unlock()
	wake(asleep)
	if verdict == dropped {
		l.Dropped(1)
	}
	return verdict != refused
}

// rouse returns the readers that sleep, for [wake], and notes that they sleep no more.
func (l *Log[T]) rouse() []*Reader[T] {
	if len(l.asleep) == 0 {
		return nil
	}
	asleep := l.asleep
	l.asleep = nil
	l.round++
	return asleep
}

// wake wakes readers. It must be called without the lock: it takes a while when they are many.
func wake[T any](readers []*Reader[T]) {
	for _, r := range readers {
		signal(r.Wake)
	}
}

type verdict int

const (
	written verdict = iota
	dropped
	refused
)

// admit makes room for an item, or decides that there will be none.
func (l *Log[T]) admit(done <-chan struct{}) verdict {
	switch {
	case l.closed:
		return refused
	case !l.full():
		return written
	}
	switch l.Overflow {
	case DropOldest:
		l.forget(l.end + 1 - l.limit)
		return written
	case DropNewest:
		return dropped
	case Fail:
		l.evict()
		return written
	default:
		return l.await(done)
	}
}

// full reports whether a reader lags so far behind that it has no room for another item.
func (l *Log[T]) full() bool {
	if l.end-l.slowest < l.limit {
		return false
	}
	l.findSlowest()
	return l.end-l.slowest >= l.limit
}

// findSlowest looks at all readers, but only when those that were the slowest have moved on.
func (l *Log[T]) findSlowest() {
	if l.atSlowest > 0 {
		return
	}
	l.slowest = l.end
	for _, r := range l.readers {
		l.include(r)
	}
}

// include makes sure that the slowest position is not after that of a reader.
func (l *Log[T]) include(r *Reader[T]) {
	switch {
	case r.at < l.slowest:
		l.slowest, l.atSlowest = r.at, 1
	case r.at == l.slowest:
		l.atSlowest++
	}
}

// await waits for room. It yields first: a reader that is not slow has often made room by then.
func (l *Log[T]) await(done <-chan struct{}) verdict {
	l.mu.Unlock()
	runtime.Gosched()
	l.mu.Lock()
	self := unknown
	if l.Reentrant && l.full() {
		l.mu.Unlock()
		self = goroutines.ID()
		l.mu.Lock()
	}
	for !l.closed && l.full() && !l.holdsUp(self) {
		if !l.sleep(done) {
			return refused
		}
	}
	if l.closed {
		return refused
	}
	return written
}

// holdsUp reports whether a reader without room runs on the given goroutine. If that is the writer's, the writer would
// wait for itself.
func (l *Log[T]) holdsUp(goroutine uint64) bool {
	if goroutine == unknown {
		return false
	}
	for _, r := range l.readers {
		if r.goroutine == goroutine && l.end-r.at >= l.limit {
			return true
		}
	}
	return false
}

// sleep waits until there may be room. It returns false when done was closed before.
func (l *Log[T]) sleep(done <-chan struct{}) bool {
	if l.room == nil {
		l.room = make(chan struct{})
	}
	room := l.room
	l.mu.Unlock()
	defer l.mu.Lock()
	select {
	case <-room:
		return true
	case <-done:
		return false
	}
}

func (l *Log[T]) wakeWriters() {
	if l.room != nil {
		close(l.room)
		l.room = nil
	}
}

// evict ends all readers without room.
func (l *Log[T]) evict() {
	for i := len(l.readers) - 1; i >= 0; i-- {
		if r := l.readers[i]; l.end-r.at >= l.limit {
			r.evicted = true
			l.remove(r)
			if r.Evicted != nil {
				r.Evicted()
			}
		}
	}
}

// push appends an item.
func (l *Log[T]) push(v T) {
	if l.end-l.start == uint64(len(l.ring)) {
		l.findSlowest()
		l.trim()
		l.grow()
	}
	*l.at(l.end) = v
	l.end++
	l.caughtUp = 0
	l.settle()
}

// grow doubles the ring when more than half of it is needed: a fuller one would seem full again too soon. One that
// holds the most that the slowest reader may lag behind grows only when it must, for a writer that did not wait.
func (l *Log[T]) grow() {
	used, size := l.end-l.start, uint64(len(l.ring))
	if used == size || used > size/2 && size < l.limit {
		l.resize(2 * size)
	}
}

// settle does, when all readers have read everything, what is cheap then: the slowest position is known, nothing is
// kept except a replay, and a large ring is given back.
func (l *Log[T]) settle() {
	if l.caughtUp < len(l.readers) {
		return
	}
	l.slowest, l.atSlowest = l.end, len(l.readers)
	l.trim()
	if used := l.end - l.start; len(l.ring) > keepRing && used < uint64(len(l.ring))/4 {
		l.resize(used)
	}
}

// trim forgets what all readers have read and no later one will want.
func (l *Log[T]) trim() { l.forget(min(l.slowest, l.replayFrom())) }

// forget moves the start, if it is before the given position, and drops the references to what lies before it.
func (l *Log[T]) forget(before uint64) {
	for l.start < before {
		from := l.index(l.start)
		passed := l.ring[from:min(from+before-l.start, uint64(len(l.ring)))]
		clear(passed)
		l.start += uint64(len(passed))
	}
}

// resize makes a ring for n items, or somewhat more.
func (l *Log[T]) resize(n uint64) {
	ring := make([]T, roundUp(n))
	for p := l.start; p < l.end; p++ {
		ring[p&uint64(len(ring)-1)] = *l.at(p)
	}
	l.ring = ring
}

// roundUp returns the next power of two.
func roundUp(n uint64) int { return 1 << bits.Len64(max(n, smallest)-1) }

// index returns where in the ring a position is.
func (l *Log[T]) index(p uint64) uint64 { return p & uint64(len(l.ring)-1) }

func (l *Log[T]) at(p uint64) *T { return &l.ring[l.index(p)] }

func (l *Log[T]) replayFrom() uint64 { return l.end - min(l.end-l.start, uint64(l.Replay)) }

// Last returns the last item. There must be one, and a Replay that keeps it.
func (l *Log[T]) Last() T {
	l.mu.Lock()
	defer l.mu.Unlock()
	return *l.at(l.end - 1)
}

// Close ends the log: each reader ends with err, which may be nil, when it has read everything. Only the first call
// counts.
func (l *Log[T]) Close(err error) {
	l.mu.Lock()
	var asleep []*Reader[T]
	if !l.closed {
		l.closed, l.err = true, err
		l.wakeWriters()
		asleep = l.rouse()
	}
	l.mu.Unlock()
	wake(asleep)
}

// Readers returns the number of readers that have joined and not ended.
func (l *Log[T]) Readers() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.readers)
}
