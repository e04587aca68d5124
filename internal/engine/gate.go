package engine

import (
	"context"

	"github.com/rivulet-go/rivulet/internal/cause"
	"github.com/rivulet-go/rivulet/observable"
)

// Gate wraps emit and records whether emit has returned false. An operator that emits after its source has returned
// must not do so when the gate is stopped.
type Gate[T any] struct {
	Emit    func(T) bool
	Stopped bool
}

// Send calls Emit and records whether it has returned false.
func (g *Gate[T]) Send(v T) bool {
	g.Stopped = !g.Emit(v)
	return !g.Stopped
}

// SendAll emits the values in order, until emit returns false or ctx is done, in which case it returns the cause.
func SendAll[T any](ctx context.Context, emit func(T) bool, values []T) (more bool, err error) {
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

// Try runs src with a step that can fail as well as stop. If step fails, Try stops src and returns the failure, or the
// cause of ctx if the failure says only that ctx is done.
func Try[T any](ctx context.Context, src observable.Observable[T], step func(T) (more bool, err error)) error {
	var failure error
	teardown := src(ctx, func(v T) bool {
		more, err := step(v)
		if err != nil {
			failure = cause.Of(ctx, err)
			return false
		}
		return more
	})
	return cause.Join(failure, teardown)
}
