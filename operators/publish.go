package operators

import (
	"context"

	"github.com/rivulet-go/rivulet/internal/engine"
	"github.com/rivulet-go/rivulet/internal/must"
	"github.com/rivulet-go/rivulet/observable"
)

// Connectable is a source that all subscribers share, as with [Share], and that runs when the program says so.
type Connectable[T any] struct {
	shared *engine.Multicast[T]
}

// Publish returns a Connectable for src. The run of src begins with [Connectable.Connect], or when enough subscribers have
// come, as set by [Connectable.AutoConnect].
//
// A subscriber that comes before the run waits for it. A subscriber that comes during the run gets the items that follow.
// A subscriber that comes after the run waits for the next one.
func Publish[T any](src observable.Observable[T]) *Connectable[T] {
	if src == nil {
		panic("operators.Publish: nil source")
	}
	return &Connectable[T]{engine.NewMulticast(src, 0)}
}

// Observable returns the shared stream. Running it does not run the source.
func (c *Connectable[T]) Observable() observable.Observable[T] { return c.shared.Observable(0) }

// Subscribe is like the Subscribe of [Connectable.Observable], but registers the subscriber before it returns: the observer
// receives every item that the source emits afterwards.
func (c *Connectable[T]) Subscribe(ctx context.Context, o observable.Observer[T]) *observable.Subscription {
	return c.shared.Enter(ctx, 0).Subscribe(ctx, o)
}

// Connect runs the source in a new goroutine, whether or not there are subscribers; items emitted while there are none are
// discarded. If the source runs already, Connect returns that run, also while the run is being disposed. When the run has
// ended, Connect begins another one.
//
// The subscribers end like the source. If ctx is done or the run is disposed before that, they fail with the cause.
func (c *Connectable[T]) Connect(ctx context.Context) *observable.Subscription {
	return c.shared.Connect(ctx)
}

// AutoConnect returns the shared stream. Its source runs as soon as there are n subscribers; n must be positive. The last
// subscriber that leaves cancels the run and waits for its end, as with [Share], which is AutoConnect(1). (In other
// libraries the operator of this name never cancels the run.)
func (c *Connectable[T]) AutoConnect(n int) observable.Observable[T] {
	must.Positive("operators.Connectable.AutoConnect", "n", n)
	return c.shared.Observable(n)
}
