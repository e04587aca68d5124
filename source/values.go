package source

import (
	"context"
	"iter"

	"github.com/rivulet-go/rivulet/internal/cause"
	"github.com/rivulet-go/rivulet/internal/must"
	"github.com/rivulet-go/rivulet/observable"
)

// Synchronous sources call ctx.Err() before each item. That costs about half as much as a select on a Done channel that
// was fetched before the loop, and almost nothing for a context that cannot be canceled.

// Of emits the given values, then completes. It does not copy the slice of values.
func Of[T any](values ...T) observable.Observable[T] { return FromSlice(values) }

// FromSlice emits the elements of a slice, then completes. It does not copy the slice.
func FromSlice[T any](values []T) observable.Observable[T] {
	return func(ctx context.Context, emit func(T) bool) error {
		for _, v := range values {
			if ctx.Err() != nil {
				break
			}
			if !emit(v) {
				return nil
			}
		}
		return context.Cause(ctx)
	}
}

// Range emits count consecutive integers, the first being start, then completes. It panics if the last integer would
// overflow an int.
func Range(start, count int) observable.Observable[int] {
	must.NotNegative("source.Range", "count", count)
	if count > 0 && start+(count-1) < start {
		panic(must.Mistake("source.Range: %d integers from %d on do not fit in an int", count, start))
	}
	return func(ctx context.Context, emit func(int) bool) error {
		for i := 0; i < count && ctx.Err() == nil; i++ {
			if !emit(start + i) {
				return nil
			}
		}
		return context.Cause(ctx)
	}
}

// Repeat emits v indefinitely. It never completes.
func Repeat[T any](v T) observable.Observable[T] {
	return func(ctx context.Context, emit func(T) bool) error {
		for ctx.Err() == nil {
			if !emit(v) {
				return nil
			}
		}
		return context.Cause(ctx)
	}
}

// Generate emits values that it computes from a state, which starts as seed. It calls next with the state, emits the
// value, and keeps the following state for the next call. When next returns more = false, Generate discards the value
// and completes.
func Generate[S, T any](seed S, next func(state S) (value T, following S, more bool)) observable.Observable[T] {
	if next == nil {
		panic("source.Generate: nil function")
	}
	return func(ctx context.Context, emit func(T) bool) error {
		state := seed
		for ctx.Err() == nil {
			value, following, more := next(state)
			if !more || ctx.Err() != nil {
				break
			}
			if !emit(value) {
				return nil
			}
			state = following
		}
		return context.Cause(ctx)
	}
}

// FromSeq emits the values of an iterator, then completes. Each run ranges over seq again.
//
// An iterator cannot see ctx. If ctx is canceled while seq computes a value, the run ends when seq yields that value,
// and discards it.
func FromSeq[T any](seq iter.Seq[T]) observable.Observable[T] {
	if seq == nil {
		panic("source.FromSeq: nil iterator")
	}
	return func(ctx context.Context, emit func(T) bool) error { return fromSeq(ctx, emit, seq) }
}

func fromSeq[T any](ctx context.Context, emit func(T) bool, seq iter.Seq[T]) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	for v := range seq {
		if ctx.Err() != nil { // canceled while seq computed v
			break
		}
		if !emit(v) {
			return nil
		}
		if ctx.Err() != nil { // before seq computes the next value, which may take long
			break
		}
	}
	return context.Cause(ctx)
}

// FromSeq2 emits the values of an iterator over values and errors, such as [observable.Observable.All] returns, then
// completes. At the first error that is not nil, FromSeq2 discards the value and fails with that error. It handles
// cancellation like [FromSeq].
func FromSeq2[T any](seq iter.Seq2[T, error]) observable.Observable[T] {
	if seq == nil {
		panic("source.FromSeq2: nil iterator")
	}
	return func(ctx context.Context, emit func(T) bool) error {
		var failure error
		err := fromSeq(ctx, emit, func(yield func(T) bool) {
			for v, err := range seq {
				if err != nil {
					failure = err
					return
				}
				if !yield(v) {
					return
				}
			}
		})
		if failure != nil {
			return cause.Of(ctx, failure)
		}
		return err
	}
}

// FromFunc calls f, emits its value and completes. If f returns an error, FromFunc fails with it.
//
// If f returns ctx.Err() because ctx is done, the run fails with context.Cause(ctx). If ctx is done when f returns, its
// value is discarded.
func FromFunc[T any](f func(context.Context) (T, error)) observable.Observable[T] {
	if f == nil {
		panic("source.FromFunc: nil function")
	}
	return func(ctx context.Context, emit func(T) bool) error {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		v, err := f(ctx)
		if err != nil {
			return cause.Of(ctx, err)
		}
		if ctx.Err() == nil && !emit(v) {
			return nil
		}
		return context.Cause(ctx)
	}
}
