package source

import (
	"context"
	"fmt"
	"iter"

	"github.com/rivulet-go/rivulet/internal/cause"
	"github.com/rivulet-go/rivulet/internal/must"
	"github.com/rivulet-go/rivulet/observable"
)

// The synchronous sources ask ctx.Err() before every item. It costs about half of a select on a hoisted Done channel
// and nearly nothing for a context that cannot be cancelled.

// Of emits the values given, then completes.
func Of[T any](values ...T) observable.Observable[T] { return FromSlice(values) }

// FromSlice emits the values of a slice, then completes. It does not copy the slice.
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

// Range emits count integers from start on, then completes. It panics when the last of them would not fit in an int.
func Range(start, count int) observable.Observable[int] {
	must.NotNegative("source.Range", "count", count)
	if count > 0 && start+(count-1) < start {
		panic(fmt.Sprintf("source.Range: %d integers from %d on do not fit in an int", count, start))
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

// Repeat emits v again and again and never completes.
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

// Generate makes items out of a state that begins with seed. It calls next with the state, emits the value and keeps
// the state that next returns, until next says that there is no more; what it returns with that is not emitted.
func Generate[S, T any](seed S, next func(state S) (value T, following S, more bool)) observable.Observable[T] {
	must.NotNil("source.Generate", next)
	return func(ctx context.Context, emit func(T) bool) error {
		return fromSeq(ctx, emit, func(yield func(T) bool) {
			state := seed
			for {
				value, following, more := next(state)
				if !more || !yield(value) {
					return
				}
				state = following
			}
		})
	}
}

// FromSeq emits the values of an iterator, which each run begins anew, then completes. An iterator that waits does
// not see ctx: a run that is cancelled meanwhile ends with its next value, which is not emitted.
func FromSeq[T any](seq iter.Seq[T]) observable.Observable[T] {
	must.NotNil("source.FromSeq", seq)
	return func(ctx context.Context, emit func(T) bool) error { return fromSeq(ctx, emit, seq) }
}

func fromSeq[T any](ctx context.Context, emit func(T) bool, seq iter.Seq[T]) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	for v := range seq {
		if ctx.Err() != nil { // cancelled while seq made v
			break
		}
		if !emit(v) {
			return nil
		}
		if ctx.Err() != nil { // before seq makes another, which may take its time
			break
		}
	}
	return context.Cause(ctx)
}

// FromSeq2 emits the values of an iterator over values and errors, such as [observable.Observable.All] returns. The
// first error that is not nil is the failure of the run, and the value that comes with it is not emitted.
// Waiting is as with [FromSeq].
func FromSeq2[T any](seq iter.Seq2[T, error]) observable.Observable[T] {
	must.NotNil("source.FromSeq2", seq)
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

// FromFunc calls f and emits the value that it returns, then completes, or fails with its error. An error of f that
// says no more than that ctx is done becomes the cause of that, and a value that comes after it is not emitted.
func FromFunc[T any](f func(context.Context) (T, error)) observable.Observable[T] {
	must.NotNil("source.FromFunc", f)
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
