package source

import (
	"context"
	"errors"
	"log/slog"

	"github.com/rivulet-go/rivulet/internal/cause"
	"github.com/rivulet-go/rivulet/internal/engine"
	"github.com/rivulet-go/rivulet/observable"
)

// Defer calls build at the start of each run and runs the stream that build returns. So each run can have a stream, and
// state, of its own.
func Defer[T any](build func() observable.Observable[T]) observable.Observable[T] {
	if build == nil {
		panic("source.Defer: nil function")
	}
	return func(ctx context.Context, emit func(T) bool) error {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		return engine.Inner("source.Defer: build returned", build())(ctx, emit)
	}
}

// Using runs a stream that needs a resource, such as a file, a connection or a lock. Each run calls acquire, passes the
// resource to use, and runs the stream that use returns. When the stream ends, Using calls release exactly once:
// whether the stream completed, failed, was stopped or was canceled, and also if use or the stream panics.
//
// If acquire fails, the run fails with that error, and release is not called. If the stream fails, so does the run. An
// error of release is joined to the error of the stream; during a panic it is logged with [slog.Default].
func Using[R, T any](
	acquire func(context.Context) (R, error), use func(R) observable.Observable[T], release func(R) error,
) observable.Observable[T] {
	if acquire == nil || use == nil || release == nil {
		panic("source.Using: nil acquire, use or release")
	}
	return func(ctx context.Context, emit func(T) bool) (err error) {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		resource, err := acquire(ctx)
		if err != nil {
			return cause.Of(ctx, err)
		}
		returned := false
		defer func() {
			failure := release(resource)
			switch {
			case failure == nil:
			case !returned:
				slog.Default().Error("rivulet: releasing a resource failed, after a panic of its stream", "error", failure)
			case err == nil:
				err = failure
			default:
				err = errors.Join(err, failure)
			}
		}()
		err = engine.Inner("source.Using: use returned", use(resource))(ctx, emit)
		returned = true
		return err
	}
}
