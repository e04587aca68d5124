package engine

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/rivulet-go/rivulet/internal/cause"
	"github.com/rivulet-go/rivulet/internal/clock"
	"github.com/rivulet-go/rivulet/internal/queue"
	"github.com/rivulet-go/rivulet/observable"
)

// ErrSubscribed is the failure of a window or group that is run for the second time.
var ErrSubscribed = errors.New("rivulet: a window or group can be run only once")

// ErrCutOff is the failure of a window or group whose operator was stopped before its end.
var ErrCutOff error = cutOff{}

type cutOff struct{}

func (cutOff) Error() string { return "rivulet: the run that a window or group comes from was stopped" }

// Unwrap lets an operator that reads a branch, and was stopped together with it, distinguish that from a failure.
func (cutOff) Unwrap() error { return errOver }

// Split is one run of an operator whose items are streams: windows or groups, its branches. The source runs in a goroutine
// of its own and puts each item into the inbox of a branch, so that it makes no difference whether a branch is read within
// emit, later in another goroutine, or never. A branch that is full makes the source wait for its reader.
// docs/design.md says what was rejected.
type Split[K, T any] struct {
	name string          // of the operator
	ctx  context.Context // of the source, like the fields up to cut
	emit func(*Branch[K, T]) bool
	open map[*Branch[K, T]]struct{}
	wait *time.Timer
	cut  bool    // the source has to stop
	next *Intake // of the operator that runs the branches

	mu       sync.Mutex
	emitting *Branch[K, T]              // that downstream is being given
	readers  map[*Branch[K, T]]struct{} // that are being read
	moved    time.Time                  // when emit last returned, or a reader came, left or began to wait
}

// RunSplit runs route in a goroutine of its own. It emits what wrap makes of the branches that route opens; up to ahead
// branches wait to be emitted.
func RunSplit[K, T, W any](
	ctx context.Context, name string, emit func(W) bool, ahead int,
	wrap func(*Branch[K, T]) W, route func(context.Context, *Split[K, T]) error,
) (err error) {
	h := NewHub[*Branch[K, T]](ctx, ahead)
	defer h.Close(&err)
	s := &Split[K, T]{
		name:    name,
		open:    map[*Branch[K, T]]struct{}{},
		readers: map[*Branch[K, T]]struct{}{},
		wait:    clock.Stopped(),
		next:    intakeOf(ctx),
		moved:   time.Now(),
	}
	h.Start(func(ctx context.Context, emit func(*Branch[K, T]) bool) error {
		defer s.wait.Stop()
		s.ctx, s.emit = ctx, emit
		err := route(ctx, s)
		s.endAll(err)
		return err
	})
	return h.Each(func(b *Branch[K, T]) bool {
		s.setEmitting(b)
		defer s.setEmitting(nil)
		return emit(wrap(b))
	})
}

func (s *Split[K, T]) setEmitting(b *Branch[K, T]) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.emitting, s.moved = b, time.Now()
}

// Begin opens a branch, in which up to size items wait. It returns nil if the source has to stop.
func (s *Split[K, T]) Begin(key K, size int) *Branch[K, T] {
	b := &Branch[K, T]{
		Key:   key,
		split: s,
		items: queue.NewInbox[T](size, make(chan struct{}, 1)),
		read:  make(chan struct{}),
	}
	b.lane = b.items.Open()
	s.open[b] = struct{}{}
	if !s.emit(b) {
		s.cut = true
		return nil
	}
	return b
}

// Put gives an item to a branch, or drops it if the branch is not read any more. It returns false if the source has to
// stop.
func (s *Split[K, T]) Put(b *Branch[K, T], v T) bool {
	if b.lane == nil {
		return true
	}
	if b.lane.Full() && b.state.Load() == unread {
		s.awaitReader(b)
	}
	if b.lane.Put(s.ctx.Done(), v) {
		return true
	}
	b.lane = nil // it would keep what nothing takes
	s.cut = s.ctx.Err() != nil
	return !s.cut
}

// unreadLimit is how long the source waits for a reader of a full branch while nothing downstream is at work.
const unreadLimit = time.Second

// awaitReader waits until a branch is read or dropped, or the source has to stop.
func (s *Split[K, T]) awaitReader(b *Branch[K, T]) {
	for left := s.dropUnread(b); left > 0; left = s.dropUnread(b) {
		s.wait.Reset(left)
		select {
		case <-s.wait.C:
		case <-b.read:
			return
		case <-s.ctx.Done():
			return
		}
	}
}

// dropUnread drops a branch if it has no reader and nothing downstream has been at work for as long as unreadLimit. It
// returns how long to wait before the next look, or 0 if there is nothing to wait for.
func (s *Split[K, T]) dropUnread(b *Branch[K, T]) (left time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if b.state.Load() != unread {
		return 0
	}
	if s.busy() {
		return unreadLimit
	}
	left = unreadLimit - time.Since(s.moved)
	if left <= 0 {
		b.state.Store(dropped)
		b.items.Stop()
	}
	return left
}

// busy reports whether something downstream is at work: the reader of a branch, the operator that is to run a branch, or
// emit. emit is not at work if it reads the branch that it was given, or waits for the end of another one.
func (s *Split[K, T]) busy() bool {
	for b := range s.readers {
		if !b.waits {
			return true
		}
	}
	_, inline := s.readers[s.emitting]
	return s.next.Pending.Load() > 0 || s.emitting != nil && !inline && !s.next.Held.Load()
}

// End completes a branch.
func (s *Split[K, T]) End(b *Branch[K, T]) {
	b.end(nil)
	delete(s.open, b)
}

// endAll ends the branches with the source, which has returned err.
func (s *Split[K, T]) endAll(err error) {
	if err == nil && s.cut || cause.Alone(s.ctx, err) {
		err = context.Cause(s.ctx)
		if err == nil || errors.Is(err, errOver) {
			err = ErrCutOff
		}
	}
	for b := range s.open {
		b.end(err)
	}
}

// Branch is a window or group.
type Branch[K, T any] struct {
	Key   K
	split *Split[K, T]
	items *queue.Inbox[T]
	lane  *queue.Lane[T] // nil when nothing reads the branch any more; for the source
	err   error          // written before the lane ends
	state atomic.Int32
	read  chan struct{} // closed when the branch has a reader
	waits bool          // the reader waits for an item; guarded by split.mu
}

// The states of a branch.
const (
	unread  = iota
	reading // or read
	dropped
)

func (b *Branch[K, T]) end(err error) {
	b.err = err
	if b.lane != nil {
		b.lane.End(false)
	}
}

// Run is the branch as an Observable.
func (b *Branch[K, T]) Run(ctx context.Context, emit func(T) bool) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if err := b.enter(); err != nil {
		return err
	}
	defer b.leave()
	return drain(ctx, b.items, emit, func() error { return b.err }, func() bool {
		b.setWaits(true)
		defer b.setWaits(false)
		select {
		case <-b.items.Ready():
		case <-ctx.Done():
		}
		return true
	})
}

func (b *Branch[K, T]) enter() error {
	s := b.split
	s.mu.Lock()
	defer s.mu.Unlock()
	switch b.state.Load() {
	case reading:
		return ErrSubscribed
	case dropped:
		return fmt.Errorf("operators.%s: the items of a window or group were dropped because it was full and not read; "+
			"read all of them at the same time, as FlatMap does with a concurrency of at least their number: %w",
			s.name, observable.ErrOverflow)
	}
	b.state.Store(reading)
	close(b.read)
	s.readers[b], s.moved = struct{}{}, time.Now()
	return nil
}

func (b *Branch[K, T]) leave() {
	b.items.Stop()
	s := b.split
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.readers, b)
	s.moved = time.Now()
}

func (b *Branch[K, T]) setWaits(waits bool) {
	s := b.split
	s.mu.Lock()
	defer s.mu.Unlock()
	b.waits, s.moved = waits, time.Now()
}

// Intake is what an operator that runs the streams of its source lets the source know. A source of windows or groups uses
// it to find out whether a stream that has no reader is about to get one.
type Intake struct {
	Pending atomic.Int64 // streams that the source has emitted and the operator has not run yet
	Held    atomic.Bool  // emit waits for the end of another stream
}

type intakeKey struct{}

// Mark returns the context for the source.
func (in *Intake) Mark(ctx context.Context) context.Context {
	return context.WithValue(ctx, intakeKey{}, in)
}

func intakeOf(ctx context.Context) *Intake {
	if in, ok := ctx.Value(intakeKey{}).(*Intake); ok {
		return in
	}
	return new(Intake)
}
