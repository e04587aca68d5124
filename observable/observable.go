package observable

import (
	"context"
	"errors"
	"iter"
	"log/slog"
)

// Observable is a lazy, cold stream of values of type T.
//
// Calling it runs the stream on the caller's goroutine: it calls emit for every item, in order, and returns nil when
// the stream is complete or emit has said stop by returning false, or the error with which the stream failed.
// The package documentation states the contract that every Observable keeps.
type Observable[T any] func(ctx context.Context, emit func(T) bool) error

// ErrEmpty is the failure of an operation that needs an item of a stream that completed without one.
var ErrEmpty = errors.New("rivulet: the stream is empty")

// ForEach runs the stream and calls next for every item, on the caller's goroutine.
// It returns nil when the stream is complete, else the error with which it failed; a done ctx is its cause.
func (o Observable[T]) ForEach(ctx context.Context, next func(T)) error {
	return o(ctx, func(v T) bool {
		next(v)
		return true
	})
}

// All is the stream as an iterator to range over, on the caller's goroutine. Every item comes with a nil error; a
// failure comes last, with the zero T. Leaving the loop stops the stream. An error that ending the stream after that
// still meets has nobody to go to and is logged with [slog.Default].
func (o Observable[T]) All(ctx context.Context) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		left := false
		err := o(ctx, func(v T) bool {
			left = !yield(v, nil)
			return !left
		})
		switch {
		case err == nil:
		case left:
			slog.Default().Error("rivulet: ending a stream that its loop had left", "error", err)
		default:
			var zero T
			yield(zero, err)
		}
	}
}

// Collect runs the stream to its end and returns its items, and the error with which it failed, if it did: the
// items that came before the failure are returned with it.
func (o Observable[T]) Collect(ctx context.Context) ([]T, error) {
	var items []T
	err := o(ctx, func(v T) bool {
		items = append(items, v)
		return true
	})
	return items, err
}

// First returns the first item and stops the stream with it. A stream that completes without one gives [ErrEmpty];
// any error, also that of ending the stream after its first item, comes with the zero T.
func (o Observable[T]) First(ctx context.Context) (T, error) {
	return o.pick(ctx, false)
}

// Last runs the stream to its end and returns its last item, or [ErrEmpty] when there was none.
// When the stream fails, the error comes with the zero T.
func (o Observable[T]) Last(ctx context.Context) (T, error) {
	return o.pick(ctx, true)
}

// pick returns the item that was the latest when the stream ended or, unless goOn, was stopped.
func (o Observable[T]) pick(ctx context.Context, goOn bool) (T, error) {
	var latest, zero T
	found := false
	err := o(ctx, func(v T) bool {
		latest, found = v, true
		return goOn
	})
	switch {
	case err != nil:
		return zero, err
	case !found:
		return zero, ErrEmpty
	default:
		return latest, nil
	}
}
