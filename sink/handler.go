package sink

import (
	"errors"
	"maps"
	"net/http"
)

// ServeHTTP serves one client until it goes, the stream has ended, or the Handler or the server is closed.
func (h *Handler[T]) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	defer ignoreBody(w, r)()
	if !h.takes(w, r) {
		return
	}
	response := newResponse(w, r, h.watch)
	defer response.finish()
	c := newClient[T](response)
	if status := h.enter(c, r.Header.Get("Last-Event-ID")); status != http.StatusOK {
		h.refuse(w, status)
		return
	}
	defer h.leave(c)
	maps.Copy(w.Header(), header)
	if r.Method == http.MethodHead {
		return
	}
	defer h.report(c, r)
	if err := c.open(); err != nil {
		if errors.Is(err, http.ErrNotSupported) {
			h.refuseToBuffer(w)
		}
		return
	}
	h.watch.counters.served.Add(1)
	h.start() // when the client is known: it gets the first item
	if len(h.greeting) == 0 || c.sendNow(h.greeting) {
		c.follow()
	}
}

// report reports a client that was disconnected.
func (h *Handler[T]) report(c *client[T], r *http.Request) {
	if c.reason.Load() == tooSlow {
		h.watch.counters.disconnected.Add(1)
		h.config.OnDisconnect(r)
	}
}

// header is what all responses have. They share the values.
var header = http.Header{
	"Content-Type":      {"text/event-stream"},
	"Cache-Control":     {"no-cache"},
	"X-Accel-Buffering": {"no"}, // nginx would hold events back
}

// enter makes a client known, so that from now on it gets all that is sent after what it has missed. Or it returns the
// status with which it is sent away: there are too many, the handler is closed, or the stream is over for it.
func (h *Handler[T]) enter(c *client[T], lastEventID string) (status int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	from := h.from(lastEventID)
	switch {
	case h.ctx.Err() != nil:
		return http.StatusServiceUnavailable
	case h.over != 0 && (from == h.kept.end || lastEventID != "" && from >= h.kept.named):
		return h.over // else it would come again and again for events that it cannot name
	case !h.watch.enter(c.response, h.config.MaxClients):
		return http.StatusServiceUnavailable
	}
	if !h.log.JoinAt(&c.reader, from) {
		panic("sink: the log has forgotten a kept event") // which the lock excludes
	}
	if from < h.kept.end {
		h.watch.counters.replayed.Add(1)
	}
	return http.StatusOK
}

// from returns the position of the first event for a client that knows the one with the given ID, or none.
func (h *Handler[T]) from(lastEventID string) uint64 {
	if lastEventID == "" && !h.config.ReplayToAll {
		return h.kept.end
	}
	if after, ok := h.kept.after(lastEventID); ok {
		return after
	}
	return h.kept.start()
}

func (h *Handler[T]) leave(c *client[T]) {
	c.reader.Leave()
	h.watch.leave(c.response)
}
