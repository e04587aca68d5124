// Package rxbridge converts streams between Rivulet and RxGo, github.com/reactivex/rxgo/v2.
//
// # When to use this, and when not
//
// Use it in a program that moves from RxGo to Rivulet step by step. A new program does not need it. docs/parity.md
// compares the names of both.
package rxbridge

import (
	"context"
	"fmt"
	"log/slog"
	"reflect"

	"github.com/reactivex/rxgo/v2"

	"github.com/rivulet-go/rivulet/internal/cause"
	"github.com/rivulet-go/rivulet/internal/must"
	"github.com/rivulet-go/rivulet/observable"
)

// TypeError is the error with which [From] fails at an item that is not a T.
type TypeError struct {
	Value any          // the item
	Want  reflect.Type // T
}

func (e *TypeError) Error() string {
	return fmt.Sprintf("rivulet: an item from RxGo is %T, not %v", e.Value, e.Want)
}

// From emits the items of an RxGo Observable. Each run observes it again, as far as RxGo allows that. From completes when
// RxGo closes the channel. It fails with the first error item, or with a [*TypeError] at an item that is not a T. A nil item
// is emitted as nil if T has a nil value.
//
// The run cancels the context that it gives to RxGo and waits until the last stage has ended. The stages before that one
// end with the context too, except the few operators of RxGo that block without selecting on it.
func From[T any](o rxgo.Observable) observable.Observable[T] {
	must.NotNil("rxbridge.From", o)
	want := reflect.TypeFor[T]()
	return func(ctx context.Context, emit func(T) bool) error {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		inner, cancel := context.WithCancel(ctx)
		// A stage of our own: the Observable of FromChannel returns the channel itself and ignores the context.
		items := o.Map(identity).Observe(rxgo.WithContext(inner))
		defer func() {
			cancel()
			for range items { // the stage may be sending its last item
			}
		}()
		for item := range items {
			switch value, ok := item.V.(T); {
			case ctx.Err() != nil:
				return context.Cause(ctx)
			case item.E != nil:
				return item.E
			case !ok && (item.V != nil || !hasNil(want)):
				return &TypeError{Value: item.V, Want: want}
			case !emit(value):
				return nil
			}
		}
		return context.Cause(ctx)
	}
}

func hasNil(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Interface, reflect.Pointer, reflect.Slice, reflect.Map, reflect.Func, reflect.Chan:
		return true
	default:
		return false
	}
}

func identity(_ context.Context, v interface{}) (interface{}, error) { return v, nil }

// To returns o as an RxGo Observable. It runs o each time it is observed. A failure becomes an error item. If o fails after
// the observer has left, the error is logged with [slog.Default].
//
// An RxGo operator that stops early, such as Take, does not stop its source: only a done context does. So observe with
// [rxgo.WithContext] and cancel that context when done; the run of o and its goroutine then end.
func To[T any](o observable.Observable[T]) rxgo.Observable {
	must.NotNil("rxbridge.To", o)
	return rxgo.Defer([]rxgo.Producer{func(ctx context.Context, next chan<- rxgo.Item) {
		err := o(ctx, func(v T) bool { return rxgo.Of(v).SendContext(ctx, next) })
		if err != nil && !rxgo.Error(err).SendContext(ctx, next) && !cause.Alone(ctx, err) {
			slog.Default().Error("rivulet: ending a stream that RxGo had left", "error", err)
		}
	}})
}
