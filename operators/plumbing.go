package operators

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/rivulet-go/rivulet/internal/cause"
	"github.com/rivulet-go/rivulet/internal/must"
	"github.com/rivulet-go/rivulet/observable"
)

// several are the sources of an operator of any number of them: none of them nil, in a slice that nobody else changes.
func several[T any](function string, sources []observable.Observable[T]) []observable.Observable[T] {
	arguments := make([]any, len(sources))
	for i, src := range sources {
		arguments[i] = src
	}
	must.NotNil(function, arguments...)
	return slices.Clone(sources)
}

// join is the result of an operator that failed by itself and then stopped its source, which may have failed to end
// cleanly. A lone error stays as it is, so that == and a type switch work on it.
func join(failure, teardown error) error {
	switch {
	case failure == nil:
		return teardown
	case teardown == nil:
		return failure
	default:
		return errors.Join(failure, teardown)
	}
}

// try runs src with a step that may fail as well as say stop. Its failure stops src and is the result; one that says
// no more than that ctx is done becomes the cause of that.
func try[T any](ctx context.Context, src observable.Observable[T], step func(T) (more bool, err error)) error {
	var failure error
	teardown := src(ctx, func(v T) bool {
		more, err := step(v)
		if err != nil {
			failure = cause.Of(unwitnessed(ctx), err)
			return false
		}
		return more
	})
	return join(failure, teardown)
}

// sendAll emits the values in order, until emit says stop or ctx is done, the cause of which is the error.
func sendAll[T any](ctx context.Context, emit func(T) bool, values []T) (more bool, err error) {
	for _, v := range values {
		if ctx.Err() != nil {
			return false, context.Cause(ctx)
		}
		if !emit(v) {
			return false, nil
		}
	}
	return true, nil
}

// relay is emit with a memory, for an operator that has something to emit after its source has returned: it must
// not when emit has said stop.
type relay[T any] struct {
	emit    func(T) bool
	stopped bool
}

func (r *relay[T]) send(v T) bool {
	r.stopped = !r.emit(v)
	return !r.stopped
}

// stoppedTimer is a timer that Reset starts.
func stoppedTimer() *time.Timer {
	timer := time.NewTimer(time.Hour)
	timer.Stop()
	return timer
}
