package sink

import (
	"cmp"
	"errors"
	"net/http"

	"github.com/rivulet-go/rivulet/internal/cause"
)

// start begins the run, once, unless the handler is closed.
func (h *Handler[T]) start() {
	h.mu.Lock()
	defer h.mu.Unlock()
	if !h.begun && h.ctx.Err() == nil {
		h.begun = true
		h.run.Go(h.publish)
	}
}

// publish is the run: every item becomes a frame for all clients.
func (h *Handler[T]) publish() {
	var failure error
	err := h.source(h.ctx, func(v T) bool {
		var f frame
		if f, failure = h.config.frame(v); failure == nil {
			h.send(f)
		}
		return failure == nil
	})
	h.end(both(failure, err))
}

// both joins the failure of an item and that of ending the source after it. A lone one stays as it is.
func both(failure, teardown error) error {
	if failure != nil && teardown != nil {
		return errors.Join(failure, teardown)
	}
	return cmp.Or(failure, teardown)
}

// send hands a frame to all clients and keeps it for those who come later.
func (h *Handler[T]) send(f frame) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for c := range h.clients {
		c.offer(f.wire)
	}
	if h.config.Replay == 0 {
		return
	}
	if len(h.kept) == h.config.Replay {
		h.kept[0] = frame{} // which else would stay until the slice grows
		h.kept = h.kept[1:]
	}
	h.kept = append(h.kept, f)
}

// end ends all responses, when they have got what waits for them.
func (h *Handler[T]) end(err error) {
	if cause.Alone(h.ctx, err) {
		return // the handler was closed, which each client sees by itself
	}
	h.mu.Lock()
	h.over = http.StatusNoContent
	if err != nil {
		h.over = http.StatusInternalServerError
	}
	for c := range h.clients {
		c.events.End(nil)
	}
	h.mu.Unlock()
	if err != nil {
		h.config.OnError(err)
	}
}
