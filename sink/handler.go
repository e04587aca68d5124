package sink

import (
	"maps"
	"net/http"
)

// ServeHTTP serves one client until the client has gone, the stream has ended, or the Handler or the server is closed.
func (h *Handler[T]) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	defer ignoreBody(w, r)()
	if !h.takes(w, r) {
		return
	}
	admission, status := h.config.admit(r)
	if status != http.StatusOK {
		h.refuse(w, status)
		return
	}
	id := h.config.LastEventID(r)
	c := newClient(w, r, h.config, h.watch)
	defer c.finish()
	defer c.limitTo(admission)()
	status, missing := h.enter(c, id)
	if status != http.StatusOK {
		h.refuse(w, status)
		return
	}
	defer h.leave(c)
	if r.Method == http.MethodHead {
		maps.Copy(w.Header(), header)
		return
	}
	defer h.report(c, r)
	switch {
	case !missing:
	case c.inLog && !h.joinAfterGap(c, r, id):
		return
	case !c.inLog && !h.catchUp(c, r, id):
		return
	}
	if c.begin() {
		h.start() // the client is in the log, so that it gets the first item
		c.follow(&c.reader)
	}
}

// report calls OnDisconnect if the client was too slow.
func (h *Handler[T]) report(c *client[T], r *http.Request) {
	if c.reason.Load() == tooSlow {
		h.watch.counters.disconnected.Add(1)
		h.config.OnDisconnect(r)
	}
}

// enter adds a client to the open responses and to the log, where it gets all events after its last one. It reports
// whether events in between are missing; if there is a History, such a client is not yet in the log. If enter returns
// another status than 200, it has added nothing, and the client must be refused.
func (h *Handler[T]) enter(c *client[T], lastEventID string) (status int, missing bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	from, known := h.from(lastEventID)
	catchUp := !known && h.config.History != nil
	switch {
	case h.ctx.Err() != nil:
		return http.StatusServiceUnavailable, false
	case h.over != 0 && !catchUp && (from == h.kept.end || lastEventID != "" && from >= h.kept.named):
		return h.over, false // a client whose last events have no ID would otherwise reconnect for them indefinitely
	case !h.watch.enter(&c.response, h.config.MaxClients):
		return http.StatusServiceUnavailable, false
	case catchUp:
		return http.StatusOK, true
	}
	if h.config.Replay > 0 && from == h.kept.end && lastEventID == "" && h.kept.newest != "" {
		c.latest, c.behind = h.kept.newest, true
	}
	if from < h.kept.end {
		h.watch.counters.replayed.Add(1)
	}
	h.join(c, from)
	return http.StatusOK, !known
}

// from returns the position of the first event for a client. It is known unless events between the last event of the
// client and that position are missing.
func (h *Handler[T]) from(lastEventID string) (position uint64, known bool) {
	if lastEventID == "" && !h.config.ReplayToAll {
		return h.kept.end, true
	}
	if after, ok := h.kept.find(lastEventID); ok {
		return after, true
	}
	return h.kept.start(), lastEventID == ""
}

// join has a client enter the log. The caller must hold h.mu. It returns false if events from there on are not kept.
func (h *Handler[T]) join(c *client[T], position uint64) bool {
	c.inLog = h.log.JoinAt(&c.reader, position)
	return c.inLog
}

// joinAfter has a client enter the log after the event with an ID, if that is kept.
func (h *Handler[T]) joinAfter(c *client[T], id string) bool {
	position, ok := h.kept.find(id)
	return ok && h.join(c, position)
}

func (h *Handler[T]) leave(c *client[T]) {
	if c.inLog {
		c.reader.Leave()
	}
	h.watch.leave(&c.response)
}

func (h *Handler[T]) isOver() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.over != 0
}
