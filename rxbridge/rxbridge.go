// Package rxbridge lets streams cross between Rivulet and RxGo, github.com/reactivex/rxgo/v2, both ways: for programs
// that use RxGo and move over step by step. docs/parity.md has the names of both side by side.
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

// TypeError is the failure of [From] at an item that is no T.
type TypeError struct {
	Value any          // the item
	Want  reflect.Type // T
}

func (e *TypeError) Error() string {
	return fmt.Sprintf("rivulet: an item from RxGo is %T, not %v", e.Value, e.Want)
}

// From emits the items of an RxGo Observable, which each run observes anew, as far as RxGo allows it. It fails with the
// first error item and, at an item that is no T, with a [*TypeError]; it completes when RxGo closes the channel.
// An item that is nil is the nil of a T that has one.
//
// The run gives RxGo a context that ends with it, and waits for the end of the last stage. The stages before that one
// end with the context too, unless they wait without looking at it, as a few of RxGo's do.
func From[T any](o rxgo.Observable) observable.Observable[T] {
	must.NotNil("rxbridge.From", o)
	want := reflect.TypeFor[T]()
	return func(ctx context.Context, emit func(T) bool) error {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		inner, cancel := context.WithCancel(ctx)
		// A stage of our own, because what FromChannel gives is the channel itself, which knows no context.
		items := o.Map(identity).Observe(rxgo.WithContext(inner))
		defer func() {
			cancel()
			for range items { // the stage may wait for somebody to take its last item
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

// To is o as an RxGo Observable, which runs o anew each time that it is observed. Failure becomes an error item. What
// fails when nobody reads any more is logged with [slog.Default].
//
// RxGo tells a source only by its context that nobody reads any more: an RxGo operator that stops early, such as Take,
// leaves what is before it waiting. So observe it with [rxgo.WithContext], and cancel that when done; the run of o and
// its goroutine then end.
func To[T any](o observable.Observable[T]) rxgo.Observable {
	must.NotNil("rxbridge.To", o)
	return rxgo.Defer([]rxgo.Producer{func(ctx context.Context, next chan<- rxgo.Item) {
		err := o(ctx, func(v T) bool { return rxgo.Of(v).SendContext(ctx, next) })
		if err != nil && !rxgo.Error(err).SendContext(ctx, next) && !cause.Alone(ctx, err) {
			slog.Default().Error("rivulet: ending a stream that RxGo had left", "error", err)
		}
	}})
}
