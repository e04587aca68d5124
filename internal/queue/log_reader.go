package queue

import (
	"context"
	"math/bits"
	"runtime"

	"github.com/rivulet-go/rivulet/internal/goroutines"
)

// Reader reads a [Log]. It is for one goroutine at a time.
type Reader[T any] struct {
	// Wake has a token when Take may find something again, after it has found nothing. Its capacity is 1. Others may put
	// a token there as well.
	Wake chan struct{}
	// Evicted, if not nil, is called when the reader is evicted by [Fail]. It must neither wait nor call the log.
	Evicted func()

	log   *Log[T]
	batch []T // what it has taken and not forgotten

	// guarded by the lock of the log
	at        uint64 // the next position to read
	index     int    // in log.readers
	round     uint64 // log.round if it is in log.asleep
	asleep    int    // in log.asleep
	evicted   bool   // it is no longer in log.readers
	goroutine uint64 // on which it runs; unknown unless the log is Reentrant
}

// batchSize is how many items a reader takes at once, at the most.
const batchSize = 256

// Join adds a reader, which begins with what the log replays. Its [Reader.Run] must follow.
func (l *Log[T]) Join() *Reader[T] {
	r := &Reader[T]{Wake: make(chan struct{}, 1)}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed && l.EndOnly {
		l.join(r, l.end)
	} else {
		l.join(r, l.replayFrom())
	}
	return r
}

// JoinAt adds a reader that begins with the item at a position, the first one having position 0. Position may be that
// of the next item. JoinAt returns false if items from there on are no longer kept.
// [Reader.Take] may follow, and [Reader.Leave] must.
func (l *Log[T]) JoinAt(r *Reader[T], position uint64) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if position < l.start || position > l.end {
		return false
	}
	l.join(r, position)
	return true
}

func (l *Log[T]) join(r *Reader[T], at uint64) {
	r.log, r.at, r.index = l, at, len(l.readers)
	l.readers = append(l.readers, r)
	l.include(r)
	if at == l.end {
		l.caughtUp++
	}
}

// Run emits all items from the position of the reader on, as an observable.Observable does, and returns the error
// with which the log was closed, or ErrOverflow. The reader leaves the log at the end.
//
// A run takes up to 256 items at once. While items keep coming it allocates one buffer at first and then nothing.
func (r *Reader[T]) Run(ctx context.Context, emit func(T) bool) error {
	defer r.Leave()
	r.begin()
	busy := false
	for ctx.Err() == nil {
		if busy && r.hasFew() {
			runtime.Gosched() // to sleep and be woken costs more, and larger batches cost everybody less
		}
		batch, more, err := r.Take()
		busy = len(batch) > 0
		for i := range batch {
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
			if !emit(batch[i]) {
				return nil
			}
		}
		switch {
		case busy:
			continue
		case !more:
			return err
		}
		select {
		case <-r.Wake:
		case <-ctx.Done():
		}
	}
	return context.Cause(ctx)
}

// begin notes the goroutine for [Log.Append], which must recognize it.
func (r *Reader[T]) begin() {
	if !r.log.Reentrant || r.log.Overflow != Block {
		return
	}
	id := goroutines.ID()
	r.log.mu.Lock()
	r.goroutine = id
	r.log.mu.Unlock()
}

// hasFew reports whether there are at most a few items to take, and more may come.
func (r *Reader[T]) hasFew() bool {
	l := r.log
	l.mu.Lock()
	defer l.mu.Unlock()
	return !l.closed && l.end-r.at < smallest
}

// Take copies the next items out of the log, up to 256. The batch is valid until the next call. If it is empty, the
// caller must wait for Wake, or more is false: the log has ended, or the reader was evicted with ErrOverflow.
func (r *Reader[T]) Take() (batch []T, more bool, err error) {
	clear(r.batch) // outside the lock: what was handed on must not be kept alive
	l := r.log
	l.mu.Lock()
	missed := r.skip()
	batch, more, err = r.next()
	l.mu.Unlock()
	if missed > 0 {
		l.Dropped(missed)
	}
	return batch, more, err
}

// skip moves a reader that was too slow under DropOldest to the first item that is still there. It returns the number of
// items that the reader has missed.
func (r *Reader[T]) skip() (missed int) {
	l := r.log
	if r.evicted || r.at >= l.start {
		return 0
	}
	missed = int(l.start - r.at)
	l.move(r, l.start)
	return missed
}

func (r *Reader[T]) next() (batch []T, more bool, err error) {
	l := r.log
	n := min(l.end-r.at, batchSize)
	switch {
	case r.evicted:
		return nil, false, ErrOverflow
	case n > 0:
		r.fill(int(n))
		l.move(r, r.at+n)
		return r.batch, true, nil
	case l.closed:
		return nil, false, l.err
	}
	if cap(r.batch) > smallest {
		l.takeBack(r.batch)
		r.batch = nil
	}
	l.lull(r)
	return nil, true, nil
}

// lull notes that a reader sleeps until there are items.
func (l *Log[T]) lull(r *Reader[T]) {
	if r.round != l.round {
		r.round, r.asleep = l.round, len(l.asleep)
		l.asleep = append(l.asleep, r)
	}
}

// fill copies the next n items into the batch.
func (r *Reader[T]) fill(n int) {
	if cap(r.batch) < n {
		r.batch = r.log.lend(n)
	}
	r.batch = r.batch[:n]
	ring := r.log.ring
	copied := copy(r.batch, ring[r.log.index(r.at):])
	copy(r.batch[copied:], ring)
}

// lend returns an empty buffer for n items, 256 at the most.
func (l *Log[T]) lend(n int) []T {
	if n <= smallest {
		return make([]T, 1<<bits.Len(uint(n-1))) // a reader that gets one item at a time needs no more
	}
	if buffer, ok := l.buffers.Get().(*[batchSize]T); ok {
		return buffer[:]
	}
	return make([]T, batchSize)
}

// takeBack takes a large buffer, which was cleared, from a reader that has nothing to do.
func (l *Log[T]) takeBack(buffer []T) {
	l.buffers.Put((*[batchSize]T)(buffer[:batchSize]))
}

// move changes the position of a reader.
func (l *Log[T]) move(r *Reader[T], to uint64) {
	l.depart(r)
	r.at = to
	if to == l.end {
		l.caughtUp++
		l.settle()
	}
}

// depart notes that a reader is no longer where it is. When it was the last one at the slowest position there may be
// room for a writer.
func (l *Log[T]) depart(r *Reader[T]) {
	if r.at == l.end {
		l.caughtUp--
	}
	if r.at == l.slowest {
		l.atSlowest--
		if l.atSlowest == 0 {
			l.wakeWriters()
		}
	}
}

// remove takes a reader off the list.
func (l *Log[T]) remove(r *Reader[T]) {
	l.depart(r)
	last := len(l.readers) - 1
	l.readers[r.index] = l.readers[last]
	l.readers[r.index].index = r.index
	l.readers[last] = nil
	l.readers = l.readers[:last]
	if r.round == l.round {
		last := len(l.asleep) - 1
		l.asleep[r.asleep] = l.asleep[last]
		l.asleep[r.asleep].asleep = r.asleep
		l.asleep[last] = nil
		l.asleep = l.asleep[:last]
	}
	l.settle()
}

// Leave takes the reader out of the log.
func (r *Reader[T]) Leave() {
	l := r.log
	l.mu.Lock()
	missed := r.skip()
	if !r.evicted {
		l.remove(r)
	}
	l.mu.Unlock()
	if missed > 0 {
		l.Dropped(missed)
	}
}

// unknown is the number of no goroutine.
const unknown uint64 = 0
