package operators

import (
	"context"
	"errors"

	"github.com/rivulet-go/rivulet/internal/must"
	"github.com/rivulet-go/rivulet/observable"
)

// errPanicked is what the function of Finally gets in a panic, so that it does not take it for a success.
var errPanicked = errors.New("rivulet: the stream panicked")

// Finally calls f once at the end of every run, when the source has been torn down, with the error of the run: nil
// when it is complete or was stopped, the cause when its ctx was done. In a panic, which goes on, f gets an error that
// says so.
//
// f cannot fail: source.Using is for what can.
func Finally[T any](src observable.Observable[T], f func(error)) observable.Observable[T] {
	must.NotNil("operators.Finally", src, f)
	return func(ctx context.Context, emit func(T) bool) (err error) {
		err = errPanicked // until src has returned
		defer func() { f(err) }()
		return src(ctx, emit)
	}
}
