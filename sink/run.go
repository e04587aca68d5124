package sink

import (
	"net/http"

	"github.com/rivulet-go/rivulet/internal/cause"
)

// start begins the run, once, unless the handler is closed.
func (h *Handler[T]) start() {
	h.mu.Lock()
	defer h.mu.Unlock()
	if !h.begun && h.ctx.Err() == nil {
		h.begun = true
		h.run.Go(func() { h.end(h.config.encodeAll(h.ctx, h.source, h.publish)) })
	}
}

// publish sends a frame to all clients and keeps it for those that come later.
func (h *Handler[T]) publish(f *frame[T]) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.watch.counters.published.Add(1)
	h.kept.add(f.id)
	return h.log.Append(nil, f)
}

// end ends the log and, as soon as they have written what is in it, all responses.
func (h *Handler[T]) end(err error) {
	if cause.Alone(h.ctx, err) {
		return // the handler was closed, which has ended them
	}
	h.mu.Lock()
	h.over = http.StatusNoContent
	if err != nil {
		h.over = http.StatusInternalServerError
	}
	h.log.Close(nil)
	h.mu.Unlock()
	if err != nil {
		h.config.OnError(err)
	}
}
