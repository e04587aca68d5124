package operators

import (
	"context"
	"errors"
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

// ErrCutOff is the failure of a window or group, after the items that it has, when the run that it comes from was
// stopped before its end.
var ErrCutOff error = cutOff{}

type cutOff struct{}

func (cutOff) Error() string { return "rivulet: the run that a window or group comes from was stopped" }

// Unwrap lets an operator that reads a branch and was stopped with it tell that from a failure.
func (cutOff) Unwrap() error { return errEnded }

// A split is one run of an operator whose items are streams: windows or groups, its branches. The source runs in a
// goroutine of its own and puts each item into the queue of a branch, so that it makes no difference whether a branch
// is read within emit, later in another goroutine, or never.
//
// A branch that is full makes the source wait. For one that has a reader, that is backpressure. For one that has none
// the source waits as long as downstream may be busy; see [split.patience].
//
// Rejected: to hand out only what is subscribed to before emit returns, as RxJava does, since FlatMap subscribes in
// another goroutine; and to keep all that is not read, which grows without bound.
type split[K, T any] struct {
	ctx  context.Context // of the source, as are the fields up to cut
	emit func(*branch[K, T]) bool
	open map[*branch[K, T]]struct{}
	wait *time.Timer
	cut  bool // the source was told to stop

	mu       sync.Mutex
	emitting *branch[K, T]              // the one that downstream is given just now
	readers  map[*branch[K, T]]struct{} // that are being read
	moved    time.Time                  // when emit last returned or a reader came or left
}

// runSplit runs route in a goroutine of its own and emits what wrap makes of the branches that it opens, up to ahead
// of them later than they were opened.
func runSplit[K, T, W any](
	ctx context.Context, emit func(W) bool, ahead int,
	wrap func(*branch[K, T]) W, route func(context.Context, *split[K, T]) error,
) (err error) {
	h := newHubOf[*branch[K, T]](ctx, ahead)
	defer h.close(&err)
	s := &split[K, T]{
		open:    map[*branch[K, T]]struct{}{},
		readers: map[*branch[K, T]]struct{}{},
		wait:    clock.Stopped(),
		moved:   time.Now(),
	}
	h.start(func(ctx context.Context, emit func(*branch[K, T]) bool) error {
		defer s.wait.Stop()
		s.ctx, s.emit = unwitnessed(ctx), emit
		err := route(ctx, s)
		s.endAll(err)
		return err
	})
	return h.each(func(b *branch[K, T]) bool {
		s.setEmitting(b)
		defer s.setEmitting(nil)
		return emit(wrap(b))
	})
}

func (s *split[K, T]) setEmitting(b *branch[K, T]) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.emitting, s.moved = b, time.Now()
}

// begin opens a branch, in which up to size items wait. It returns nil when the source is to stop.
func (s *split[K, T]) begin(key K, size int) *branch[K, T] {
	b := &branch[K, T]{
		key:   key,
		of:    s,
		items: queue.New[T](size),
		taken: make(chan struct{}),
	}
	s.open[b] = struct{}{}
	if !s.emit(b) {
		s.cut = true
		return nil
	}
	return b
}

// put gives an item to a branch, or drops it when the branch is not read any more. It returns false when the source is
// to stop.
func (s *split[K, T]) put(b *branch[K, T], v T) bool {
	if b.state.Load() != reading {
		if _, full, _ := b.items.Offer(v, false); !full {
			return true
		}
		s.awaitReader(b)
	}
	s.cut = !b.items.Put(s.ctx.Done(), v) && s.ctx.Err() != nil
	return !s.cut
}

// awaitReader waits until somebody reads a branch, or it is given up, or the source is to stop.
func (s *split[K, T]) awaitReader(b *branch[K, T]) {
	for {
		left := s.judge(b)
		if left <= 0 {
			return
		}
		s.wait.Reset(left)
		select {
		case <-s.wait.C:
		case <-b.taken:
			return
		case <-s.ctx.Done():
			return
		}
	}
}

// judge gives up a branch that nobody reads when the source has waited for long enough. It returns when to look again.
func (s *split[K, T]) judge(b *branch[K, T]) (left time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if b.state.Load() != unread {
		return 0
	}
	patience, limited := s.patience()
	if !limited {
		return patience
	}
	left = patience - time.Since(s.moved)
	if left <= 0 {
		b.state.Store(givenUp)
		b.items.Stop()
	}
	return left
}

const (
	// unreadPatience is how long the source waits for a reader when nothing else downstream is at work.
	unreadPatience = time.Second
	// busyPatience is that when downstream has been given a branch and may be at work with it, or may wait, for ever,
	// for the readers that wait for the source.
	busyPatience = time.Minute
)

// patience is how long the source waits for the reader of a full branch, since something has moved downstream last;
// if it is not limited, when to ask again.
func (s *split[K, T]) patience() (d time.Duration, limited bool) {
	for b := range s.readers {
		if !b.items.Idle() {
			return unreadPatience, false // may come to the end of what it reads, and then to another branch
		}
	}
	_, inline := s.readers[s.emitting]
	switch {
	case s.emitting == nil || inline:
		return unreadPatience, true
	case len(s.readers) == 0:
		return unreadPatience, false // nobody waits for the source: downstream is slow
	default:
		return busyPatience, true
	}
}

// end completes a branch.
func (s *split[K, T]) end(b *branch[K, T]) {
	b.items.End(nil)
	delete(s.open, b)
}

// endAll ends the branches with the source, which returned err.
func (s *split[K, T]) endAll(err error) {
	if err == nil && s.cut || cause.Alone(s.ctx, err) {
		err = context.Cause(s.ctx)
		if err == nil || errors.Is(err, errEnded) {
			err = ErrCutOff
		}
	}
	for b := range s.open {
		b.items.End(err)
	}
}

// A branch is a window or group.
type branch[K, T any] struct {
	key   K
	of    *split[K, T]
	items *queue.Queue[T]
	state atomic.Int32
	taken chan struct{} // closed when it has a reader
}

// The states of a branch.
const (
	unread  = iota
	reading // or read
	givenUp
)

// run is the branch as an Observable.
func (b *branch[K, T]) run(ctx context.Context, emit func(T) bool) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if err := b.join(); err != nil {
		return err
	}
	defer b.leave()
	ctx = unwitnessed(ctx)
	return drain(ctx, b.items, emit, func() (goesOn bool) {
		select {
		case <-b.items.Ready():
		case <-ctx.Done():
		}
		return true
	})
}

func (b *branch[K, T]) join() error {
	s := b.of
	s.mu.Lock()
	defer s.mu.Unlock()
	switch b.state.Load() {
	case reading:
		return ErrSubscribed
	case givenUp:
		return observable.ErrOverflow
	}
	b.state.Store(reading)
	close(b.taken)
	s.readers[b], s.moved = struct{}{}, time.Now()
	return nil
}

func (b *branch[K, T]) leave() {
	b.items.Stop()
	s := b.of
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.readers, b)
	s.moved = time.Now()
}
