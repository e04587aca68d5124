package operators

import (
	"context"

	"github.com/rivulet-go/rivulet/internal/engine"
	"github.com/rivulet-go/rivulet/internal/must"
	"github.com/rivulet-go/rivulet/observable"
)

// Catch goes on with another stream when its source fails: the one that fallback returns for the failure. It is run
// when the source has been torn down, ends as that stream does, and is not caught in turn.
//
// A done ctx is no failure to be caught, and nobody is left to hear of one once emit has said stop.
//
//	src:      --1--2--X
//	fallback:         --a--|
//	Catch:    --1--2----a--|
func Catch[T any](
	src observable.Observable[T], fallback func(error) observable.Observable[T],
) observable.Observable[T] {
	must.NotNil("operators.Catch", src, fallback)
	return caught(src, func(ctx context.Context, emit func(T) bool, err error) error {
		return fallback(err)(ctx, emit)
	})
}

// OnErrorReturn completes with one more item when its source fails: f of the failure. What [Catch] says of the end of
// a run goes for it too.
func OnErrorReturn[T any](src observable.Observable[T], f func(error) T) observable.Observable[T] {
	must.NotNil("operators.OnErrorReturn", src, f)
	return caught(src, func(_ context.Context, emit func(T) bool, err error) error {
		emit(f(err))
		return nil
	})
}

// OnErrorResumeNext is [Concat] of sources that may fail: it runs each source when the one before it has ended, in
// whatever way, and completes after the last. It is for streams whose failures do not matter, as nobody sees them;
// with [Tap] on a source somebody does.
//
// This is the operator of that name in RxJS 7. What RxJava calls so is [Catch].
func OnErrorResumeNext[T any](sources ...observable.Observable[T]) observable.Observable[T] {
	calm := must.Sources("operators.OnErrorResumeNext", sources)
	for i, src := range calm {
		calm[i] = caught(src, func(context.Context, func(T) bool, error) error { return nil })
	}
	return Concat(calm...)
}

// MapError fails with f of the failure of its source, and completes if that is nil. A done ctx is not put to f: its
// cause stays as it is.
func MapError[T any](src observable.Observable[T], f func(error) error) observable.Observable[T] {
	must.NotNil("operators.MapError", src, f)
	return caught(src, func(_ context.Context, _ func(T) bool, err error) error { return f(err) })
}

// caught runs src and ends as it does or, if it fails while somebody still waits for items, as handle does.
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
