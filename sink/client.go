package sink

import "github.com/rivulet-go/rivulet/internal/queue"

// client is one who is served: a response, and a reader of the events that it gets.
type client[T any] struct {
	*response
	reader queue.Reader[*frame]
}

func newClient[T any](p *response) *client[T] {
	c := &client[T]{response: p}
	c.reader.Wake = p.wake
	c.reader.Evicted = func() { p.end(tooSlow) }
	return c
}

// follow writes what the reader reads, with a comment after every silence, until the log has ended or the client has
// gone or must go.
func (c *client[T]) follow() {
	for {
		batch, more, _ := c.reader.Take()
		switch {
		case len(batch) > 0:
			if !c.sendAll(batch) {
				return
			}
		case !more || c.mustEnd():
			return
		case c.watch.silent(c.response):
			if !c.sendNow([]byte(":\n\n")) {
				return
			}
		default:
			c.wait()
		}
	}
}

// sendNow writes bytes and flushes them.
func (c *client[T]) sendNow(wire []byte) bool { return c.send(wire) && c.flush() }

// sendAll writes frames, as many at once as lie one behind the other in memory, and flushes them.
func (c *client[T]) sendAll(frames []*frame) bool {
	for len(frames) > 0 {
		wire, n := joined(frames)
		if !c.send(wire) {
			return false
		}
		frames = frames[n:]
		c.watch.counters.sent.Add(int64(n))
	}
	return c.flush()
}
