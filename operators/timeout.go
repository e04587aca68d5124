package operators

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"github.com/rivulet-go/rivulet/internal/cause"
	"github.com/rivulet-go/rivulet/internal/engine"
	"github.com/rivulet-go/rivulet/internal/must"
	"github.com/rivulet-go/rivulet/observable"
)

// ErrTimeout is the failure of [Timeout].
var ErrTimeout = errors.New("rivulet: the stream was silent for too long")

// Timeout emits the items of src and fails with [ErrTimeout] when no item and no end has come for d, which must be
// positive: since the run began, or since downstream was done with the item before.
//
//	src:     -1-2-----3-
//	Timeout: -1-2---#      d: 4 places
//
// Timeout starts one goroutine, for the clock; the items of src do not change goroutine and nothing is buffered. On
// expiry src is cancelled, and has ended, before Timeout fails.
func Timeout[T any](src observable.Observable[T], d time.Duration) observable.Observable[T] {
	must.NotNil("operators.Timeout", src)
	must.Positive("operators.Timeout", "d", d)
	return TimeoutWith(src, d, func(context.Context, func(T) bool) error { return ErrTimeout })
}

// TimeoutWith is [Timeout] that goes on with the fallback instead of failing. The fallback, to which d does not
// apply, begins when src, which is cancelled, has ended; it runs on the goroutine that runs the operator.
//
//	src:         -1-2-----3-
//	fallback:            a--b|
//	TimeoutWith: -1-2----a--b|   d: 4 places
func TimeoutWith[T any](
	src observable.Observable[T], d time.Duration, fallback observable.Observable[T],
) observable.Observable[T] {
	must.NotNil("operators.TimeoutWith", src, fallback)
	must.Positive("operators.TimeoutWith", "d", d)
	return func(ctx context.Context, emit func(T) bool) error {
		silent, err := untilSilent(ctx, src, d, emit)
		if !silent {
			return err
		}
		return cause.Join(fallback(ctx, emit), err)
	}
}

// untilSilent emits the items of src until it ends or has been silent for d. It has ended when this returns.
func untilSilent[T any](
	ctx context.Context, src observable.Observable[T], d time.Duration, emit func(T) bool,
) (silent bool, err error) {
	s := newScope(ctx)
	defer s.close(&err)
	timer := time.NewTimer(d)
	defer timer.Stop()
	var expired atomic.Bool
	s.tasks.Go(func() {
		select {
		case <-timer.C:
			expired.Store(true)
			s.cancel(errEnded)
		case <-s.ctx.Done():
		}
	})
	out := engine.Gate[T]{Emit: emit}
	failure, told := attend(s.ctx, src, func(v T) bool {
		timer.Stop()
		if expired.Load() || !out.Send(v) {
			return false
		}
		timer.Reset(d)
		return true
	})
	switch {
	case out.Stopped, !told && failure != nil:
		return false, failure
	case s.parent.Err() != nil:
		return false, cause.Join(context.Cause(s.parent), failure)
	default:
		return expired.Load(), failure
	}
}
