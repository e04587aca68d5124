package operators

import (
	"context"
	"errors"

	"github.com/rivulet-go/rivulet/observable"
)

// errPanicked is passed to the function of Finally during a panic. With nil the function would take the panic for a
// success.
var errPanicked = errors.New("rivulet: the stream panicked")

// Finally emits the items of src and calls f once at the end of each run, after src has returned. The argument of f is
// what the run returns: nil if the stream completed or was stopped, the error if it failed, and the cause if ctx was
// canceled. If src panics, f gets an error that says so, and the panic continues.
//
// f cannot fail. Use source.Using if the cleanup can.
func Finally[T any](src observable.Observable[T], f func(error)) observable.Observable[T] {
	if src == nil || f == nil {
		panic("operators.Finally: nil source or function")
	}
	return func(ctx context.Context, emit func(T) bool) (err error) {
		err = errPanicked // until src has returned
		defer func() { f(err) }()
		return src(ctx, emit)
	}
}
