package sink

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/rivulet-go/rivulet/internal/queue"
)

// client is one response.
type client struct {
	w       http.ResponseWriter
	rc      *http.ResponseController
	ctx     context.Context // done when the client is to go
	cancel  context.CancelCauseFunc
	release []func() // what keeps the client known to others

	events   *queue.Queue[[]byte] // what waits for it, on the wire
	timeout  time.Duration        // of a write; 0 for none
	timedOut bool                 // one has taken longer
}

var (
	errTooSlow = errors.New("rivulet: the client is too slow")
	errEnded   = errors.New("rivulet: the response is to end")
)

// lastWords is how long a client has to accept what is on its way when the response is to end.
const lastWords = time.Second

// newClient returns the client of a request, which goes when the request does or one of the contexts is done. It must
// be closed.
func newClient(w http.ResponseWriter, r *http.Request, timeout time.Duration, ends ...context.Context) *client {
	c := &client{w: w, rc: http.NewResponseController(w), timeout: timeout}
	c.ctx, c.cancel = context.WithCancelCause(r.Context())
	for _, end := range ends {
		stop := context.AfterFunc(end, func() { c.cancel(errEnded) })
		c.release = append(c.release, func() { stop() })
	}
	hurried := make(chan struct{})
	stop := context.AfterFunc(c.ctx, func() {
		defer close(hurried)
		c.hurry()
	})
	c.release = append(c.release, func() {
		if !stop() {
			<-hurried
		}
	})
	return c
}

// close makes sure that nobody touches the response any more: net/http uses it again, for another request.
func (c *client) close() {
	for _, release := range c.release {
		release()
	}
	c.cancel(nil)
}

// offer hands the client an event. It never waits, so that the client holds up nobody. One that has too much waiting
// loses that at once, and gets nothing from after the gap.
func (c *client) offer(wire []byte) {
	if _, full, _ := c.events.Offer(wire, false); full {
		c.cancel(errTooSlow)
		c.events.Stop()
	}
}

// hurry ends a write in which the response hangs.
func (c *client) hurry() {
	patience := lastWords
	if context.Cause(c.ctx) == errTooSlow {
		patience = 0
	}
	c.limit(time.Now().Add(patience))
}

// limit sets when all writes have to be over. A response that knows no limits is left as it is.
func (c *client) limit(t time.Time) { _ = c.rc.SetWriteDeadline(t) }

// open sends the header. It fails, with nothing sent, if the response cannot flush.
func (c *client) open() error {
	if c.timeout == 0 {
		c.limit(time.Time{}) // instead of that of the server
	}
	return c.timed(c.rc.Flush)
}

// serve writes what comes, with a comment after every silence, until the stream has ended or the client is to go.
func (c *client) serve(greeting []byte, heartbeat time.Duration) {
	silence := time.NewTimer(heartbeat)
	defer silence.Stop()
	for goesOn := c.write(greeting); goesOn && c.drain(); {
		silence.Reset(heartbeat)
		c.allow(time.Time{}) // a limit that passes in a silence breaks the response off: HTTP/2 at once, HTTP/1.1 at its end
		select {
		case <-c.events.Ready():
		case <-silence.C:
			goesOn = c.write([]byte(":\n\n"))
		case <-c.ctx.Done():
			return
		}
	}
	c.allow(time.Now().Add(c.timeout)) // net/http has the end of the response to write
}

// drain writes all that waits, and flushes once. It returns false at the end.
func (c *client) drain() bool {
	for {
		wire, found, more := c.events.TakeOne()
		switch {
		case found && !c.write(wire):
			return false
		case found:
		case more:
			return c.timed(c.rc.Flush) == nil
		default:
			return false
		}
	}
}

// write fails when the client has gone, or must.
func (c *client) write(wire []byte) bool {
	return len(wire) == 0 || c.timed(func() error {
		_, err := c.w.Write(wire)
		return err
	}) == nil
}

// timed runs something that writes, and gives it its time.
func (c *client) timed(write func() error) error {
	due := time.Now().Add(c.timeout)
	c.allow(due)
	err := write()
	if c.timeout > 0 && err != nil && !time.Now().Before(due) {
		c.timedOut = true // the error does not tell with every protocol
	}
	return err
}

// allow sets when the writes to come have to be over, or never for the zero time, unless the response is to end.
func (c *client) allow(t time.Time) {
	if c.timeout == 0 || c.ctx.Err() != nil {
		return
	}
	c.limit(t)
	if c.ctx.Err() != nil {
		c.hurry() // again: the limit may have come after it
	}
}

// tooSlow tells whether that is why the client was cut off.
func (c *client) tooSlow() bool { return c.timedOut || context.Cause(c.ctx) == errTooSlow }
