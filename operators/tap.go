package operators

import (
	"context"
	"log/slog"

	"github.com/rivulet-go/rivulet/internal/engine"
	"github.com/rivulet-go/rivulet/observable"
)

// Tap calls the callbacks of observer and leaves the stream unchanged. Each callback is called before its signal is
// passed on. A canceled ctx counts as a failure. If the run is stopped, as by [observable.Subscription.Dispose], Tap
// calls neither Error nor Complete.
//
// Any callback may be nil. Signals without a callback are passed through; errors are not logged.
func Tap[T any](src observable.Observable[T], observer observable.Observer[T]) observable.Observable[T] {
	if src == nil {
		panic("operators.Tap: nil source")
	}
	return func(ctx context.Context, emit func(T) bool) error { return tap(ctx, src, observer, emit) }
}

// Log logs each signal of the stream and leaves the stream unchanged. Every record has the message msg. An item has the
// attribute "item" and the completion the attribute "complete", both at level Info. A failure has the attribute "error"
// and is logged at level Error. Like [Tap], Log reports neither completion nor failure of a run that is stopped.
func Log[T any](src observable.Observable[T], logger *slog.Logger, msg string) observable.Observable[T] {
	if src == nil || logger == nil {
		panic("operators.Log: nil source or logger")
	}
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
