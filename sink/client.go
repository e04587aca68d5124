package sink

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"time"

	"github.com/rivulet-go/rivulet/observable"
)

// client is one response.
type client[T any] struct {
	h      *Handler[T]
	w      http.ResponseWriter
	rc     *http.ResponseController
	ctx    context.Context // of the request and the handler
	cancel context.CancelCauseFunc

	old          uint64     // events up to this number came before the client
	frames       chan frame // what is kept, then what comes; closed at the end of the stream
	subscription *observable.Subscription
}

// errTooSlow is why a client is cut off for which too much waits.
var errTooSlow = errors.New("rivulet: the client is too slow")

// lastWords is how long a client has to accept what is on its way when the handler is closed.
const lastWords = time.Second

// newClient subscribes to the frames, so that none is missed from now on.
func newClient[T any](h *Handler[T], w http.ResponseWriter, r *http.Request) *client[T] {
	c := &client[T]{h: h, w: w, rc: http.NewResponseController(w)}
	c.frames = make(chan frame, h.config.Buffer+h.config.Replay)
	c.ctx, c.cancel = context.WithCancelCause(r.Context())
	context.AfterFunc(h.ctx, func() { c.cancel(nil) })
	context.AfterFunc(c.ctx, c.hurry)
	c.old = h.kept()
	c.subscription = h.frames.Subscribe(c.ctx, observable.Observer[frame]{
		Next:     c.next,
		Error:    func(error) { close(c.frames) },
		Complete: func() { close(c.frames) },
	})
	return c
}

// next never waits, so that the client holds up nobody.
func (c *client[T]) next(f frame) {
	select {
	case c.frames <- f:
	default:
		c.cancel(errTooSlow)
	}
}

// hurry ends a write in which the response may hang.
func (c *client[T]) hurry() {
	if c.tooSlow() {
		c.limit(0)
	} else {
		c.limit(lastWords)
	}
}

func (c *client[T]) tooSlow() bool { return context.Cause(c.ctx) == errTooSlow }

// limit gives all writes from now on so long, in all. A response that knows no limit is left as it is.
func (c *client[T]) limit(d time.Duration) { _ = c.rc.SetWriteDeadline(time.Now().Add(d)) }

func (c *client[T]) close() {
	c.cancel(nil)
	<-c.subscription.Done()
}

// kept is the number of the last event, if events are kept.
func (h *Handler[T]) kept() uint64 {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.config.Replay == 0 {
		return 0
	}
	return h.last
}

// serve writes what the client has missed since the event with the given ID, then what comes.
func (c *client[T]) serve(lastEventID string) error {
	missed := c.missed(lastEventID)
	if status := c.h.over(); status != 0 && len(missed) == 0 {
		c.w.WriteHeader(status)
		return nil
	}
	header := c.w.Header()
	header.Set("Content-Type", "text/event-stream")
	header.Set("Cache-Control", "no-cache")
	header.Set("X-Accel-Buffering", "no") // nginx would hold events back
	c.w.WriteHeader(http.StatusOK)
	if err := c.greet(missed); err != nil {
		return err
	}
	return c.follow()
}

// greet writes what the client gets at once.
func (c *client[T]) greet(missed []frame) error {
	if err := c.write(c.h.greeting); err != nil {
		return err
	}
	for _, f := range missed {
		if err := c.write(f.wire); err != nil {
			return err
		}
	}
	return c.rc.Flush()
}

// missed takes the events from before the client came, and returns those that it wants.
func (c *client[T]) missed(lastEventID string) []frame {
	var kept []frame
	for last := uint64(0); last < c.old; last = kept[len(kept)-1].number {
		select {
		case f := <-c.frames:
			kept = append(kept, f)
		case <-c.ctx.Done():
			return nil
		}
	}
	switch {
	case lastEventID != "":
		known := slices.IndexFunc(kept, func(f frame) bool { return f.id == lastEventID })
		return kept[known+1:]
	case c.h.config.ReplayToAll:
		return kept
	default:
		return nil
	}
}

// follow writes what comes until the stream has ended or the client is to go.
func (c *client[T]) follow() error {
	silence := time.NewTimer(c.h.config.Heartbeat)
	defer silence.Stop()
	for {
		select {
		case f, ok := <-c.frames:
			if !ok {
				return nil
			}
			if err := c.write(f.wire); err != nil {
				return err
			}
			if len(c.frames) > 0 {
				continue // one flush for all that is there
			}
		case <-silence.C:
			if err := c.write([]byte(":\n\n")); err != nil {
				return err
			}
		case <-c.ctx.Done():
			return nil
		}
		if err := c.rc.Flush(); err != nil {
			return err
		}
		silence.Reset(c.h.config.Heartbeat)
	}
}

func (c *client[T]) write(wire []byte) error {
	if c.h.config.WriteTimeout > 0 && c.ctx.Err() == nil {
		c.limit(c.h.config.WriteTimeout)
	}
	_, err := c.w.Write(wire)
	return err
}
