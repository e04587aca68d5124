package queue

import (
	"context"
	"runtime"
)

// Reader is one who reads a [Log]. It is for one goroutine at a time.
type Reader[T any] struct {
	log   *Log[T]
	batch []T // what it has taken and not forgotten

	// guarded by the lock of the log
	at        uint64 // the next position to read
	index     int    // in log.readers
	evicted   bool   // it is no longer in log.readers
	goroutine uint64 // on which it runs; unknown unless the log is Reentrant
}

// batchSize is how many items a reader takes at once, at the most.
const batchSize = 256

// Join adds a reader, which begins with what the log replays. Its [Reader.Run] must follow.
func (l *Log[T]) Join() *Reader[T] {
	l.mu.Lock()
	defer l.mu.Unlock()
	r := &Reader[T]{log: l, at: l.replayFrom(), index: len(l.readers)}
	if l.closed && l.EndOnly {
		r.at = l.end
	}
	l.readers = append(l.readers, r)
	l.include(r)
	if r.at == l.end {
		l.caughtUp++
	}
	return r
}

// Run emits all items from the position of the reader on, as an observable.Observable does, and returns the error
// with which the log was closed, or ErrOverflow. The reader leaves the log at the end.
//
// A run takes up to 256 items at once. It allocates nothing while items keep coming, but for a buffer at first.
func (r *Reader[T]) Run(ctx context.Context, emit func(T) bool) error {
	defer r.leave()
	r.begin()
	busy := false
	for ctx.Err() == nil {
		if busy && r.hasFew() {
			runtime.Gosched() // to sleep and be woken costs more, and larger batches cost everybody less
		}
		batch, items, err := r.take()
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
		case items == nil:
			return err
		}
		select {
		case <-items:
		case <-ctx.Done():
		}
	}
	return context.Cause(ctx)
}

// begin notes the goroutine for [Log.Append], which must recognise it.
func (r *Reader[T]) begin() {
	if !r.log.Reentrant || r.log.Overflow != Block {
		return
	}
	id := goroutine()
	r.log.mu.Lock()
	r.goroutine = id
	r.log.mu.Unlock()
}

// hasFew tells whether there is next to nothing to take, and more may come.
func (r *Reader[T]) hasFew() bool {
	l := r.log
	l.mu.Lock()
	defer l.mu.Unlock()
	return !l.closed && l.end-r.at < smallest
}

// take copies the next items out of the log. When there are none it returns a channel that is closed when there may
// be some, or no channel at the end.
func (r *Reader[T]) take() (batch []T, items <-chan struct{}, err error) {
	clear(r.batch) // outside the lock: what was handed on must not be kept alive
	l := r.log
	l.mu.Lock()
	missed := r.skip()
	batch, items, err = r.next()
	l.mu.Unlock()
	if missed > 0 {
		l.Dropped(missed)
	}
	return batch, items, err
}

// skip moves a reader that was too slow under DropOldest to what is still there, and tells how much it has missed.
func (r *Reader[T]) skip() (missed int) {
	l := r.log
	if r.evicted || r.at >= l.start {
		return 0
	}
	missed = int(l.start - r.at)
	l.move(r, l.start)
	return missed
}

func (r *Reader[T]) next() (batch []T, items <-chan struct{}, err error) {
	l := r.log
	n := min(l.end-r.at, batchSize)
	switch {
	case r.evicted:
		return nil, nil, ErrOverflow
	case n > 0:
		r.fill(int(n))
		l.move(r, r.at+n)
		return r.batch, nil, nil
	case l.closed:
		return nil, nil, l.err
	}
	if cap(r.batch) > smallest {
		l.takeBack(r.batch)
		r.batch = nil
	}
	if l.items == nil {
		l.items = make(chan struct{})
	}
	return nil, l.items, nil
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
		return make([]T, smallest)
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
	l.settle()
}

// leave takes the reader out of the log.
func (r *Reader[T]) leave() {
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

// goroutine returns the number of the calling goroutine. There is no other way to it than the head of a stack trace,
// "goroutine 17 [running]:", as golang.org/x/net/http2 reads it too.
func goroutine() (id uint64) {
	var trace [64]byte
	for _, c := range trace[len("goroutine "):runtime.Stack(trace[:], false)] {
		if c < '0' || c > '9' {
			break
		}
		id = 10*id + uint64(c-'0')
	}
	return id
}
