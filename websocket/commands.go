package websocket

import (
	"context"
	"fmt"
	"sync"

	"github.com/rivulet-go/rivulet/internal/connect"
	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/operators"
)

// sending returns a stream that sends the commands and emits nothing.
func (r *run) sending() observable.Observable[struct{}] {
	r.outbox = &outbox{url: r.url, opened: make(chan struct{})}
	frames := operators.TryMap(r.commands, func(_ context.Context, v any) (frame, error) { return encode(r.url, v) })
	return func(ctx context.Context, _ func(struct{}) bool) error {
		return frames(ctx, func(f frame) bool { return r.outbox.send(ctx, f) })
	}
}

// outbox gives the commands to the connection that is open. A nil outbox does nothing.
type outbox struct {
	url string

	mu     sync.Mutex    // held while a command is sent
	conn   *Conn         // nil while the run is not connected
	opened chan struct{} // closed when conn is set
	failed error         // of the command that could not be sent over the latest connection
}

// send waits until the run is connected and sends a command. It returns false if ctx is done before.
func (o *outbox) send(ctx context.Context, f frame) bool {
	for {
		opened, taken := o.trySend(f)
		if taken {
			return true
		}
		select {
		case <-opened:
		case <-ctx.Done():
			return false
		}
	}
}

// trySend sends a command, or returns a channel that is closed when the run is connected. It takes a command that cannot
// be sent, too, as that may have arrived: it gives the connection up for it.
func (o *outbox) trySend(f frame) (opened <-chan struct{}, taken bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.conn == nil {
		return o.opened, false
	}
	err := o.conn.write(f)
	if err == nil {
		return nil, true
	}
	o.failed = &SendError{URL: o.url, Command: f.command, Err: connect.Clean(err)}
	o.conn.drop(o.failed)
	o.lose()
	return nil, true
}

// lose makes the commands wait for the next connection. Must hold o.mu.
func (o *outbox) lose() { o.conn, o.opened = nil, make(chan struct{}) }

func (o *outbox) open(c *Conn) {
	if o == nil {
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.conn = c
	close(o.opened)
}

// close is for a connection that is closed, whether it was open or not. It waits for the command that is being sent, and
// adds its failure to that of the attempt, if the attempt has failed. ctx is that of the run.
func (o *outbox) close(ctx context.Context, failure error) error {
	if o == nil {
		return failure
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.conn != nil {
		o.lose()
	}
	failed := o.failed
	o.failed = nil
	if failure == nil || failed == nil || ctx.Err() != nil || is[*SendError](failure) {
		return failure
	}
	return fmt.Errorf("%w; %w", failure, failed)
}
