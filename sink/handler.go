package sink

import (
	"errors"
	"net/http"
	"slices"

	"github.com/rivulet-go/rivulet/internal/queue"
)

// ServeHTTP serves one client until it goes, the stream has ended, or the Handler or the server is closed.
func (h *Handler[T]) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if h.config.AllowOrigin != "" {
		w.Header().Set("Access-Control-Allow-Origin", h.config.AllowOrigin)
		w.Header().Set("Access-Control-Allow-Headers", "Last-Event-ID, Cache-Control")
	}
	if r.Method == http.MethodOptions {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	c := newClient(w, r, h.config.WriteTimeout, h.ctx, shutdownOf(r))
	defer c.close()
	if status := h.enter(c, r.Header.Get("Last-Event-ID")); status != http.StatusOK {
		refuse(w, status)
		return
	}
	defer h.leave(c)
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-cache")
	w.Header().Set("X-Accel-Buffering", "no") // nginx would hold events back
	if r.Method == http.MethodHead {
		return
	}
	if err := c.open(); err != nil {
		if errors.Is(err, http.ErrNotSupported) {
			http.Error(w, "rivulet: this http.ResponseWriter cannot flush; a middleware must have Unwrap or Flush",
				http.StatusInternalServerError)
		}
		return
	}
	h.start() // when the client is known: it gets the first item
	c.serve(h.greeting, h.config.Heartbeat)
	if c.tooSlow() {
		h.reportCutOff(r)
	}
}

func refuse(w http.ResponseWriter, status int) {
	if status != http.StatusServiceUnavailable {
		w.WriteHeader(status)
		return
	}
	w.Header().Set("Retry-After", "5")
	http.Error(w, "no more clients at the moment", status)
}

// enter makes a client known, so that from now on it gets all that is sent after what it has missed. Or it returns the
// status with which it is sent away: there are too many, the handler is closed, or the stream is over for it.
func (h *Handler[T]) enter(c *client, lastEventID string) (status int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	missed := h.missed(lastEventID)
	switch {
	case h.ctx.Err() != nil || h.config.MaxClients > 0 && len(h.clients) >= h.config.MaxClients:
		return http.StatusServiceUnavailable
	case h.over != 0 && len(missed) == 0:
		return h.over
	}
	c.events = queue.New[[]byte](h.config.Buffer + len(missed))
	for _, f := range missed {
		c.offer(f.wire)
	}
	if h.over != 0 {
		c.events.End(nil)
	}
	h.clients[c] = true
	return http.StatusOK
}

// missed returns the kept events that a client wants which knows the one with the given ID, or none.
func (h *Handler[T]) missed(lastEventID string) []frame {
	if lastEventID == "" {
		if h.config.ReplayToAll {
			return h.kept
		}
		return nil
	}
	known := slices.IndexFunc(h.kept, func(f frame) bool { return f.id == lastEventID })
	missed := h.kept[known+1:]
	if h.over != 0 && !slices.ContainsFunc(missed, func(f frame) bool { return f.id != "" }) {
		return nil // it would come again and again for events that it cannot name
	}
	return missed
}

func (h *Handler[T]) leave(c *client) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.clients, c)
}

func (h *Handler[T]) reportCutOff(r *http.Request) {
	h.mu.Lock()
	h.cutOff++
	h.mu.Unlock()
	h.config.OnCutOff(r)
}
