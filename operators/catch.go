package operators

import (
	"context"

	"github.com/rivulet-go/rivulet/internal/engine"
	"github.com/rivulet-go/rivulet/internal/must"
	"github.com/rivulet-go/rivulet/observable"
)

// Catch emits the items of src. If src fails, Catch calls fallback with the error and runs the stream that fallback
// returns. It completes or fails when that stream does: Catch does not handle a second failure.
//
// Catch does not handle cancellation, or errors returned after emit has returned false.
//
//	src:      --1--2--X
//	fallback:         --a--|
//	Catch:    --1--2----a--|
func Catch[T any](
	src observable.Observable[T], fallback func(error) observable.Observable[T],
) observable.Observable[T] {
	if src == nil || fallback == nil {
		panic("operators.Catch: nil source or function")
	}
	return caught(src, func(ctx context.Context, emit func(T) bool, err error) error {
		return engine.Inner("operators.Catch: fallback returned", fallback(err))(ctx, emit)
	})
}

// OnErrorReturn emits the items of src. If src fails with err, OnErrorReturn emits f(err) and completes. Like [Catch],
// it does not handle cancellation.
func OnErrorReturn[T any](src observable.Observable[T], f func(error) T) observable.Observable[T] {
	if src == nil || f == nil {
		panic("operators.OnErrorReturn: nil source or function")
	}
	return caught(src, func(_ context.Context, emit func(T) bool, err error) error {
		emit(f(err))
		return nil
	})
}

// OnErrorResumeNext runs the sources one after another and emits their items. When a source completes or fails, it runs
// the next one. It completes after the last source. OnErrorResumeNext discards the errors of its sources: use [Tap] on
// a source to see them. Like [Catch], it does not handle cancellation.
//
// It is the operator of that name in RxJS 7. [Catch] corresponds to the one in RxJava.
func OnErrorResumeNext[T any](sources ...observable.Observable[T]) observable.Observable[T] {
	sources = must.Sources("operators.OnErrorResumeNext", sources)
	return func(ctx context.Context, emit func(T) bool) error {
		out := engine.Gate[T]{Emit: emit}
		for _, src := range sources {
			err := src(ctx, out.Send)
			if out.Stopped || err != nil && ctx.Err() != nil {
				return err
			}
		}
		return context.Cause(ctx)
	}
}

// MapError emits the items of src. If src fails with err, MapError fails with f(err), or completes if f returns nil.
// Like [Catch], it does not handle cancellation.
func MapError[T any](src observable.Observable[T], f func(error) error) observable.Observable[T] {
	if src == nil || f == nil {
		panic("operators.MapError: nil source or function")
	}
	return caught(src, func(_ context.Context, _ func(T) bool, err error) error { return f(err) })
}

// caught runs src. If src fails although neither emit nor ctx has stopped it, the result is that of handle.
func caught[T any](
	src observable.Observable[T], handle func(ctx context.Context, emit func(T) bool, err error) error,
) observable.Observable[T] {
	return func(ctx context.Context, emit func(T) bool) error {
		out := engine.Gate[T]{Emit: emit}
		err := src(ctx, out.Send)
		if err == nil || out.Stopped || ctx.Err() != nil {
			return err
		}
		return handle(ctx, emit, err)
	}
}
