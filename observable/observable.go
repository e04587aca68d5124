package observable

import (
	"context"
	"errors"
	"iter"
	"log/slog"
)

// Observable is a lazy, cold stream of values of type T.
//
// Calling it runs the stream on the caller's goroutine. The stream calls emit for each item, in order. It returns nil
// if it completes, or if emit returns false to stop it. If it fails, it returns the error. The package documentation
// states the contract that every Observable keeps.
type Observable[T any] func(ctx context.Context, emit func(T) bool) error

// ErrEmpty is the error of an operation that needs an item of a stream that completes without one.
var ErrEmpty = errors.New("rivulet: the stream is empty")

// ForEach runs the stream on the caller's goroutine and calls next for each item. It returns nil if the stream
// completes, and the error if it fails. If ctx is canceled it returns context.Cause(ctx).
func (o Observable[T]) ForEach(ctx context.Context, next func(T)) error {
	if o == nil {
		panic("observable.ForEach: nil Observable")
	}
	return o(ctx, func(v T) bool {
		next(v)
		return true
	})
}

// All returns an iterator that runs the stream on the caller's goroutine. Each item comes with a nil error. If the
// stream fails, the last pair is the zero value of T and the error.
//
// Leaving the loop stops the stream. If stopping the stream fails after the loop was left, the error is logged with
// [slog.Default].
func (o Observable[T]) All(ctx context.Context) iter.Seq2[T, error] {
	if o == nil {
		panic("observable.All: nil Observable")
	}
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

// Collect runs the stream on the caller's goroutine and returns its items. If the stream fails, Collect returns the
// error together with the items that came before it.
func (o Observable[T]) Collect(ctx context.Context) ([]T, error) {
	if o == nil {
		panic("observable.Collect: nil Observable")
	}
	var items []T
	err := o(ctx, func(v T) bool {
		items = append(items, v)
		return true
	})
	return items, err
}

// First runs the stream until its first item, stops it and returns the item. It returns [ErrEmpty] if the stream
// completes without an item. On any error, including one from stopping the stream, First returns the zero value.
func (o Observable[T]) First(ctx context.Context) (T, error) {
	if o == nil {
		panic("observable.First: nil Observable")
	}
	return o.pick(ctx, false)
}

// Last runs the stream until it completes and returns its last item. It returns [ErrEmpty] if the stream completes
// without an item. On any error, Last returns the zero value.
func (o Observable[T]) Last(ctx context.Context) (T, error) {
	if o == nil {
		panic("observable.Last: nil Observable")
	}
	return o.pick(ctx, true)
}

// pick returns the latest item when the stream ends. It stops the stream at the first item unless all is true.
func (o Observable[T]) pick(ctx context.Context, all bool) (T, error) {
	var latest, zero T
	found := false
	err := o(ctx, func(v T) bool {
		latest, found = v, true
		return all
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
