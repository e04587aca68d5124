package observable

import (
	"context"
	"errors"
	"log/slog"
	"sync/atomic"

	"github.com/rivulet-go/rivulet/internal/cause"
)

// Observer is a set of callbacks for a stream. Any of them may be nil. If Error is nil, a failure is logged with
// [slog.Default].
type Observer[T any] struct {
	Next     func(T)     // called for every item
	Error    func(error) // called once if the stream fails, also because its context is done
	Complete func()      // called once if the stream completes
}

// errDisposed is the cause with which Dispose cancels the context of the run.
var errDisposed = errors.New("rivulet: the subscription was disposed")

// Subscription is a run of a stream in a goroutine of its own. See [Observable.Subscribe].
type Subscription struct {
	state  atomic.Int32
	cancel context.CancelCauseFunc
	done   chan struct{}
	err    error // written before done is closed
}

const (
	running int32 = iota
	disposed
	ended
)

// Subscribe runs the stream in one new goroutine, which makes all calls of the observer, one after the other. The goroutine
// ends when the stream completes or fails, when ctx is done, or when the subscription is disposed.
func (o Observable[T]) Subscribe(ctx context.Context, observer Observer[T]) *Subscription {
	if o == nil {
		panic("observable.Subscribe: nil Observable")
	}
	ctx, cancel := context.WithCancelCause(ctx)
	s := &Subscription{cancel: cancel, done: make(chan struct{})}
	next := observer.Next
	if next == nil {
		next = func(T) {}
	}
	go func() {
		defer close(s.done)
		defer cancel(nil)
		err := o(ctx, func(v T) bool {
			if s.state.Load() != running {
				return false
			}
			next(v)
			return s.state.Load() == running
		})
		s.end(ctx, err, observer.Error, observer.Complete)
	}()
	return s
}

// end records how the run ended and makes the last call of the observer, unless Dispose came first.
func (s *Subscription) end(ctx context.Context, err error, onError func(error), onComplete func()) {
	if !s.state.CompareAndSwap(running, ended) {
		s.err, _ = cause.Split(ctx, err)
		return
	}
	s.err = err
	switch {
	case err == nil:
		if onComplete != nil {
			onComplete()
		}
	case onError != nil:
		onError(err)
	default:
		slog.Default().Error("rivulet: a stream failed and its observer has no Error callback", "error", err)
	}
}

// Dispose stops the stream. It may be called any number of times, from any goroutine and from inside a callback. It does not
// wait; [Subscription.Done] and [Subscription.Wait] do. If the stream has not ended before, neither Error nor Complete is
// called. If it has just ended, the call of Error or Complete may come after Dispose has returned.
func (s *Subscription) Dispose() {
	if s.state.CompareAndSwap(running, disposed) {
		s.cancel(errDisposed)
	}
}

// Done returns a channel that is closed when the run and all of its callbacks have ended.
func (s *Subscription) Done() <-chan struct{} { return s.done }

// Wait waits for [Subscription.Done] and returns the error with which the stream failed, or nil if it has completed. After
// Dispose, Wait returns the error from stopping the stream, if any.
//
// Called from inside a callback of the same subscription, Wait blocks indefinitely.
func (s *Subscription) Wait() error {
	<-s.done
	return s.err
}
