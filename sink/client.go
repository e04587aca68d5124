package sink

import (
	"maps"
	"net/http"
	"slices"

	"github.com/rivulet-go/rivulet/internal/queue"
)

// client is a response and the reader of the events that it gets. Except for those of response, its methods are for the
// goroutine of the request.
type client[T any] struct {
	response
	config *settings[T]
	reader queue.Reader[*frame[T]] // of the log of the handler
	wants  func(*frame[T]) bool    // whether the client gets an event; nil for all of them
	latest string                  // the ID of the latest event that the client was sent, or did not want
	behind bool                    // the client does not know latest
	begun  bool                    // the header was sent
	inLog  bool                    // reader has joined the log
}

func newClient[T any](w http.ResponseWriter, r *http.Request, config *settings[T], watch *watch) *client[T] {
	c := &client[T]{config: config}
	c.init(w, r, watch)
	c.reader.Wake = c.wake
	c.reader.Evicted = func() { c.end(tooSlow) }
	return c
}

// header has the fields of all responses, which share the values.
var header = http.Header{
	"Content-Type":      {"text/event-stream"},
	"Cache-Control":     {"no-cache, no-transform"},
	"X-Accel-Buffering": {"no"}, // nginx would hold events back
}

// begin sends the header, the Greeting and, if the client needs it, the current ID. It does so once. It returns false
// if the client has gone or must go. If the response cannot flush, begin answers with the status 500 and returns false.
func (c *client[T]) begin() bool {
	if c.begun {
		return true
	}
	c.begun = true
	maps.Copy(c.Header(), header)
	if !c.open() {
		if c.broken == errCannotFlush {
			c.watch.counters.refused.Add(1)
			http.Error(c, errCannotFlush.Error(), http.StatusInternalServerError)
		}
		return false
	}
	c.watch.counters.served.Add(1)
	first := c.config.first
	if c.behind {
		first = append(slices.Clip(first), c.position()...)
	}
	return len(first) == 0 || c.sendNow(first)
}

// position returns an event that has only an ID. A client remembers the ID and does not dispatch the event.
func (c *client[T]) position() string {
	c.behind = false
	return "id: " + c.latest + "\n\n"
}

// follow writes the events of a reader, with a heartbeat after every silence, until the reader has ended or the client
// has gone or must go. It reports whether the client was sent all events.
func (c *client[T]) follow(reader *queue.Reader[*frame[T]]) (complete bool) {
	for {
		batch, more, _ := reader.Take()
		found := len(batch) > 0
		batch = c.wanted(batch)
		switch {
		case len(batch) > 0:
			if !c.sendAll(batch) {
				return false
			}
		case !found && !more:
			return true
		case c.mustEnd():
			return false
		case c.silent():
			if !c.beat() {
				return false
			}
		case !found:
			c.wait()
		}
	}
}

// wanted returns the events of a batch that the client gets. It changes the batch.
func (c *client[T]) wanted(batch []*frame[T]) []*frame[T] {
	for _, f := range slices.Backward(batch) {
		if f.id != "" {
			c.latest = f.id
			break
		}
	}
	if c.wants == nil {
		return batch
	}
	wanted := batch[:0]
	for _, f := range batch {
		if c.wants(f) {
			wanted = append(wanted, f)
			c.behind = false
		} else if f.id != "" {
			c.behind = true
		}
	}
	return wanted
}

// silent reports whether a heartbeat is due.
func (c *client[T]) silent() bool { return c.watch.silent(&c.response) }

// beat writes a comment, with the position of a client that has not got the latest events because it did not want them.
func (c *client[T]) beat() bool {
	if !c.behind {
		return c.sendNow([]byte(":\n\n"))
	}
	return c.sendNow([]byte(":\n" + c.position()))
}

// skip makes the client skip the next event with each of the given IDs, because it has had it.
func (c *client[T]) skip(ids []string) {
	wants := c.wants
	ids = slices.Clone(ids)
	c.wants = func(f *frame[T]) bool {
		if at := slices.Index(ids, f.id); at >= 0 {
			ids = slices.Delete(ids, at, at+1)
			return false
		}
		return wants == nil || wants(f)
	}
}

// sendWanted writes the events of a batch that the client gets. It changes the batch.
func (c *client[T]) sendWanted(batch []*frame[T]) bool {
	batch = c.wanted(batch)
	return len(batch) == 0 || c.sendAll(batch)
}

// sendNow writes bytes and flushes them.
func (c *client[T]) sendNow(wire []byte) bool { return c.send(wire) && c.flush() }

// sendAll writes events and flushes them. Events that are adjacent in memory are written at once.
func (c *client[T]) sendAll(events []*frame[T]) bool {
	for len(events) > 0 {
		wire, n := joined(events)
		if !c.send(wire) {
			return false
		}
		events = events[n:]
		c.watch.counters.sent.Add(int64(n))
	}
	return c.flush()
}
