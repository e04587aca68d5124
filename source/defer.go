package source

import (
	"context"
	"errors"
	"log/slog"

	"github.com/rivulet-go/rivulet/internal/cause"
	"github.com/rivulet-go/rivulet/internal/must"
	"github.com/rivulet-go/rivulet/observable"
)

// Defer calls build at the beginning of every run and runs the stream that it returns, so that each run has a stream,
// and state, of its own.
func Defer[T any](build func() observable.Observable[T]) observable.Observable[T] {
	must.NotNil("source.Defer", build)
	return func(ctx context.Context, emit func(T) bool) error {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		return build()(ctx, emit)
	}
}

// Using runs a stream that needs a resource: a file, a connection, a lock. Every run acquires its own, runs the stream
// that use makes of it, and releases it, exactly once, when that stream has ended: complete, failed, stopped or
// cancelled, and when use or the stream panics.
//
// A run fails with the error of acquire, and then nothing is released, or with that of the stream. An error of release
// is the failure of the run, joined to that of the stream if there is one; in a panic it is logged with [slog.Default].
func Using[R, T any](
	acquire func(context.Context) (R, error), use func(R) observable.Observable[T], release func(R) error,
) observable.Observable[T] {
	must.NotNil("source.Using", acquire, use, release)
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
		err = use(resource)(ctx, emit)
		returned = true
		return err
	}
}
