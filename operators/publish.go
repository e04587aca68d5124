package operators

import (
	"context"

	"github.com/rivulet-go/rivulet/internal/must"
	"github.com/rivulet-go/rivulet/observable"
)

// Connectable is a source that all subscribers share, as with [Share], but that is run when the program says so.
type Connectable[T any] struct {
	*multicast[T]
}

// Publish makes a source connectable: its run begins with [Connectable.Connect], or with a number of subscribers, as
// set by [Connectable.AutoConnect].
//
// Subscribers may come before the source is run, then they wait, and while it is run, then they get what follows.
// Whoever comes after the end of a run waits for the next one.
func Publish[T any](src observable.Observable[T]) *Connectable[T] {
	must.NotNil("operators.Publish", src)
	return &Connectable[T]{newMulticast(src, 0)}
}

// Observable is the shared stream. Running it does not run the source.
func (c *Connectable[T]) Observable() observable.Observable[T] { return c.observable(0) }

// Subscribe is as the Subscribe of [Connectable.Observable], but that the observer gets all that the source emits
// after it has returned: whoever calls Connect next misses nothing.
func (c *Connectable[T]) Subscribe(ctx context.Context, o observable.Observer[T]) *observable.Subscription {
	return c.enter(ctx, 0).Subscribe(ctx, o)
}

// Connect runs the source in a new goroutine, whether or not there are subscribers; what it emits while there are
// none is lost. When the run has ended Connect begins another; until then, also while it is being disposed of, Connect
// returns that run.
//
// The subscribers end as the source does. If ctx is done before that or the run is disposed of, they fail with the
// cause.
func (c *Connectable[T]) Connect(ctx context.Context) *observable.Subscription {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.round.run == nil {
		c.start(ctx, c.round)
	}
	return c.round.run
}

// AutoConnect is the shared stream, whose source is run when there are n subscribers, n > 0. As with [Share], which
// is AutoConnect(1), the one of them that leaves last cancels the run and waits for its end. (The operator of this
// name in other libraries never cancels it.)
func (c *Connectable[T]) AutoConnect(n int) observable.Observable[T] {
	must.Positive("Connectable.AutoConnect", "n", n)
	return c.observable(n)
}
