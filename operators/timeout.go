package operators

import (
	"context"
	"errors"
	"time"

	"github.com/rivulet-go/rivulet/internal/must"
	"github.com/rivulet-go/rivulet/observable"
)

// ErrTimeout is the failure of [Timeout].
var ErrTimeout = errors.New("rivulet: the stream was silent for too long")

// Timeout emits the items of src and fails with [ErrTimeout] when no item and no end has come for d, which must be
// positive: since the run began, or since downstream was done with the item before.
//
//	src:     -1-2-----3-
//	Timeout: -1-2---#      d: 4 places
//
// Timeout is concurrent: it starts one goroutine. On expiry src is cancelled, and has ended, before it fails.
func Timeout[T any](src observable.Observable[T], d time.Duration) observable.Observable[T] {
	must.NotNil("operators.Timeout", src)
	must.Positive("operators.Timeout", "d", d)
	return TimeoutWith(src, d, func(context.Context, func(T) bool) error { return ErrTimeout })
}

// TimeoutWith is [Timeout] that goes on with the fallback instead of failing. The fallback, to which d does not
// apply, begins when src, which is cancelled, has ended; it runs on the goroutine that runs the operator.
//
//	src:         -1-2-----3-
//	fallback:            a--b|
//	TimeoutWith: -1-2----a--b|   d: 4 places
func TimeoutWith[T any](
	src observable.Observable[T], d time.Duration, fallback observable.Observable[T],
) observable.Observable[T] {
	must.NotNil("operators.TimeoutWith", src, fallback)
	must.Positive("operators.TimeoutWith", "d", d)
	return func(ctx context.Context, emit func(T) bool) error {
		silent, err := untilSilent(ctx, src, d, emit)
		if !silent {
			return err
		}
		return join(fallback(ctx, emit), err)
	}
}

// untilSilent emits the items of src until it ends or has been silent for d. It has ended when this returns.
func untilSilent[T any](
	ctx context.Context, src observable.Observable[T], d time.Duration, emit func(T) bool,
) (silent bool, err error) {
	h := newHub[T](ctx)
	defer h.close(&err)
	timer := time.NewTimer(d)
	defer timer.Stop()
	h.start(src)
	err = h.eachOrTick(func(v T) bool {
		more := emit(v)
		timer.Reset(d)
		return more
	}, timer.C, func() bool {
		silent = true
		return false
	})
	return silent, err
}
