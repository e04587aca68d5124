package sink

import (
	"errors"
	"net/http"
	"os"
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
	h.closeWith(r)
	if !h.enter() {
		w.Header().Set("Retry-After", "5")
		http.Error(w, "no more clients at the moment", http.StatusServiceUnavailable)
		return
	}
	defer h.leave()
	c := newClient(h, w, r)
	defer c.close()
	h.start() // when the client is subscribed: it gets the first item
	err := c.serve(r.Header.Get("Last-Event-ID"))
	if c.tooSlow() || h.ctx.Err() == nil && errors.Is(err, os.ErrDeadlineExceeded) {
		h.reportCutOff(r)
	}
}

// enter counts a client, unless there are too many or the handler is closed.
func (h *Handler[T]) enter() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.ctx.Err() != nil || h.config.MaxClients > 0 && h.clients == h.config.MaxClients {
		return false
	}
	h.clients++
	return true
}

func (h *Handler[T]) leave() {
	h.mu.Lock()
	h.clients--
	h.mu.Unlock()
}

func (h *Handler[T]) reportCutOff(r *http.Request) {
	h.mu.Lock()
	h.cutOff++
	h.mu.Unlock()
	h.config.OnCutOff(r)
}

// closeWith closes the handler when the server of r is shut down, which would else wait for the clients to go.
func (h *Handler[T]) closeWith(r *http.Request) {
	server, ok := r.Context().Value(http.ServerContextKey).(*http.Server)
	if !ok {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if !h.servers[server] {
		h.servers[server] = true
		server.RegisterOnShutdown(h.cancel)
	}
}

// over is the status for a client for which nothing is left when the run has ended, 0 before.
func (h *Handler[T]) over() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	switch {
	case h.failed:
		return http.StatusInternalServerError
	case h.ended:
		return http.StatusNoContent
	default:
		return 0
	}
}
