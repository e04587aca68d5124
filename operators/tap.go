package operators

import (
	"context"
	"log/slog"

	"github.com/rivulet-go/rivulet/internal/engine"
	"github.com/rivulet-go/rivulet/internal/must"
	"github.com/rivulet-go/rivulet/observable"
)

// Tap lets an observer see the stream and leaves it as it is. Every callback is called before its signal goes on.
// Neither Error nor Complete is called for a run that is stopped, as with [observable.Subscription.Dispose]; a done
// ctx is an Error. What has no callback is not logged: it goes on.
func Tap[T any](src observable.Observable[T], observer observable.Observer[T]) observable.Observable[T] {
	must.NotNil("operators.Tap", src)
	return func(ctx context.Context, emit func(T) bool) error { return tap(ctx, src, observer, emit) }
}

// Log logs what [Tap] sees: msg with the attribute "item" for every item, "error" for a failure, which has the level
// Error, and "complete". The other levels are Info.
func Log[T any](src observable.Observable[T], logger *slog.Logger, msg string) observable.Observable[T] {
	must.NotNil("operators.Log", src, logger)
	return func(ctx context.Context, emit func(T) bool) error {
		return tap(ctx, src, observable.Observer[T]{
			Next:     func(v T) { logger.InfoContext(ctx, msg, "item", v) },
			Error:    func(err error) { logger.ErrorContext(ctx, msg, "error", err) },
			Complete: func() { logger.InfoContext(ctx, msg, "complete", true) },
		}, emit)
	}
}

func tap[T any](
	ctx context.Context, src observable.Observable[T], observer observable.Observer[T], emit func(T) bool,
) error {
	out := engine.Gate[T]{Emit: emit}
	see := out.Send
	if next := observer.Next; next != nil {
		see = func(v T) bool {
			next(v)
			return out.Send(v)
		}
	}
	err := src(ctx, see)
	switch {
	case out.Stopped:
	case err != nil && observer.Error != nil:
		observer.Error(err)
	case err == nil && observer.Complete != nil:
		observer.Complete()
	}
	return err
}
