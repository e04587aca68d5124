package engine

import (
	"context"
	"sync"

	"github.com/rivulet-go/rivulet/internal/cause"
	"github.com/rivulet-go/rivulet/internal/queue"
	"github.com/rivulet-go/rivulet/observable"
)

// Multicast is one run of a source for all subscribers, which read its items from one log. At any time there is at most
// one run, and one round that a new subscriber enters.
type Multicast[T any] struct {
	src observable.Observable[T]

	mu       sync.Mutex
	round    *round[T]
	stopping <-chan struct{} // closed when the last run that was canceled has ended; nil if none is about to
}

// A round is one run of the source with all of its readers: from before the run begins until the last one has left.
type round[T any] struct {
	log         *queue.Log[T]
	subscribers int
	run         *observable.Subscription // of the source; nil before it
	teardown    error                    // with which the source could not stop cleanly; set before run is done
	auto        bool                     // a subscriber has started the run, and the last one that leaves cancels it
}

// multicastCapacity is the number of items that may wait for a subscriber before the source has to.
const multicastCapacity = 1024

// NewMulticast returns a multicast of src that keeps the last replay items for new subscribers.
func NewMulticast[T any](src observable.Observable[T], replay int) *Multicast[T] {
	log := queue.NewLog[T](queue.LogConfig{Capacity: multicastCapacity, Replay: replay})
	return &Multicast[T]{src: src, round: &round[T]{log: log}}
}

// Observable returns the shared stream for one more subscriber. The n-th one starts the source; if n is 0, none does.
func (m *Multicast[T]) Observable(n int) observable.Observable[T] {
	return func(ctx context.Context, emit func(T) bool) error {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		return m.Enter(ctx, n)(ctx, emit)
	}
}

// Enter adds a subscriber and returns its run, which must be called once. The n-th one starts the source; if n is 0, none
// does.
func (m *Multicast[T]) Enter(ctx context.Context, n int) observable.Observable[T] {
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

// Connect runs the source unless it runs, and returns the run.
func (m *Multicast[T]) Connect(ctx context.Context) *observable.Subscription {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.round.run == nil {
		m.start(ctx, m.round)
	}
	return m.round.run
}

// leave removes a subscriber from its round. The last one cancels a run that was started for subscribers, waits for its
// end, and returns the error with which it could not stop cleanly.
func (m *Multicast[T]) leave(r *round[T]) error {
	m.mu.Lock()
	r.subscribers--
	last := r.auto && r.subscribers == 0
	stops := last && m.round == r
	if stops {
		m.stopping = r.run.Done()
		m.next(r, nil)
	}
	m.mu.Unlock()
	switch {
	case stops:
		r.run.Dispose()
		<-r.run.Done()
		return r.teardown
	case last:
		<-r.run.Done()
	}
	return nil
}

// start runs the source, after the run before it has ended.
func (m *Multicast[T]) start(ctx context.Context, r *round[T]) {
	before := m.stopping
	feed := observable.Observable[T](func(ctx context.Context, _ func(T) bool) (err error) {
		if before != nil {
			<-before
		}
		err = errExited // until the source returns
		defer func() { m.ended(r, err) }()
		done := ctx.Done()
		out := Gate[T]{Emit: func(v T) bool { return r.log.Append(done, v) }}
		err = m.src(ctx, out.Send)
		failure, canceled := cause.Split(ctx, err)
		if canceled || out.Stopped { // and not a failure of the source by itself, however late
			r.teardown = failure
			err = cause.Join(context.Cause(ctx), failure)
		}
		return err
	})
	r.run = feed.Subscribe(ctx, observable.Observer[T]{Error: func(error) {}}) // the subscribers get the error
}

// ended notes the end of a run.
func (m *Multicast[T]) ended(r *round[T], err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	switch {
	case m.round == r:
		m.next(r, err)
	case m.stopping == r.run.Done():
		m.stopping = nil
	}
}

// next ends the round for its subscribers, and begins the one for those that come later.
func (m *Multicast[T]) next(r *round[T], err error) {
	r.log.Close(err)
	m.round = &round[T]{log: r.log.Renew()}
}
