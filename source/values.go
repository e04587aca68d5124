package source

import (
	"context"
	"iter"

	"github.com/rivulet-go/rivulet/internal/must"
	"github.com/rivulet-go/rivulet/observable"
)

// Of emits the values given, then completes.
func Of[T any](values ...T) observable.Observable[T] { return FromSlice(values) }

// FromSlice emits the values of a slice, then completes. It does not copy the slice.
func FromSlice[T any](values []T) observable.Observable[T] {
	return func(ctx context.Context, emit func(T) bool) error {
		for _, v := range values {
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
			if !emit(v) {
				return nil
			}
		}
		if len(values) == 0 {
			return context.Cause(ctx)
		}
		return nil
	}
}

// FromSeq emits the values of an iterator, which each run begins anew, then completes.
func FromSeq[T any](seq iter.Seq[T]) observable.Observable[T] {
	must.NotNil("source.FromSeq", seq)
	return func(ctx context.Context, emit func(T) bool) error {
		for v := range seq {
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
			if !emit(v) {
				return nil
			}
		}
		return nil
	}
}
