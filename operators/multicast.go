package operators

import (
	"context"
	"sync"

	"github.com/rivulet-go/rivulet/internal/cause"
	"github.com/rivulet-go/rivulet/internal/queue"
	"github.com/rivulet-go/rivulet/observable"
)

// multicast is what Share, ShareReplay and Publish have in common: one run of a source for all subscribers, who read
// what it emits from one log. At any time there is at most one run, and one round that a new subscriber enters.
type multicast[T any] struct {
	src observable.Observable[T]

	mu       sync.Mutex
	round    *round[T]
	stopping <-chan struct{} // closed when the last run that was cancelled has ended; nil when none is about to
}

// A round is one run of the source with all who read it: from before the run begins until the last has left.
type round[T any] struct {
	log         *queue.Log[T]
	subscribers int
	run         *observable.Subscription // of the source; nil before it
	auto        bool                     // the run was started by a subscriber, and is cancelled when the last one leaves
	teardown    error                    // what failed while the source did as it was told, and ended
}

// multicastCapacity is how many items may wait for a subscriber before the source has to.
const multicastCapacity = 1024

func newMulticast[T any](src observable.Observable[T], replay int) *multicast[T] {
	log := queue.NewLog[T](queue.LogConfig{Capacity: multicastCapacity, Replay: replay})
	return &multicast[T]{src: src, round: &round[T]{log: log}}
}

// observable is the shared stream for one more subscriber. The one with whom there are n starts the source; with n of
// 0 nobody does.
func (m *multicast[T]) observable(n int) observable.Observable[T] {
	return func(ctx context.Context, emit func(T) bool) error {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		return m.enter(ctx, n)(ctx, emit)
	}
}

// enter adds a subscriber, whose run is what it returns. This must be called, once.
func (m *multicast[T]) enter(ctx context.Context, n int) observable.Observable[T] {
	m.mu.Lock()
	defer m.mu.Unlock()
	r := m.round
	reader := r.log.Join() // before the source can emit
	r.subscribers++
	if n > 0 && r.subscribers >= n && r.run == nil {
		r.auto = true
		m.start(context.WithoutCancel(ctx), r)
	}
	return func(ctx context.Context, emit func(T) bool) (err error) {
		defer func() { err = cause.Join(err, m.leave(r)) }()
		return reader.Run(ctx, emit)
	}
}

// leave takes a subscriber out of its round. The last one cancels a run that was started for subscribers, waits for
// its end and returns what failed in ending it. A source that fails by itself at that moment has nobody to tell.
func (m *multicast[T]) leave(r *round[T]) error {
	m.mu.Lock()
	r.subscribers--
	last := r.auto && r.subscribers == 0
	if last && m.round == r {
		m.stopping = r.run.Done()
		m.next(r, nil)
	}
	m.mu.Unlock()
	if !last {
		return nil
	}
	r.run.Dispose()
	<-r.run.Done()
	return r.teardown
}

// start runs the source, after the run before it has ended.
func (m *multicast[T]) start(ctx context.Context, r *round[T]) {
	before := m.stopping
	feed := observable.Observable[T](func(ctx context.Context, _ func(T) bool) error {
		if before != nil {
			<-before
		}
		done := ctx.Done()
		err, told := attend(ctx, m.src, func(v T) bool { return r.log.Append(done, v) })
		if told {
			r.teardown = err
			err = cause.Join(context.Cause(ctx), err)
		}
		m.ended(r, err)
		return err
	})
	told := func(error) {} // the subscribers are
	r.run = feed.Subscribe(ctx, observable.Observer[T]{Error: told})
}

// ended notes the end of a run.
func (m *multicast[T]) ended(r *round[T], err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	switch {
	case m.round == r:
		m.next(r, err)
	case m.stopping == r.run.Done():
		m.stopping = nil
	}
}

// next ends the round for those who are in it, and begins the one for those who come later.
func (m *multicast[T]) next(r *round[T], err error) {
	r.log.Close(err)
	m.round = &round[T]{log: r.log.Renew()}
}
