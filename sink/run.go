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
	encoder := newEncoder(&h.config)
	var failure error
	err := h.source(h.ctx, func(v T) bool {
		var f *frame
		if f, failure = encoder.frame(v); failure == nil {
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
func (h *Handler[T]) send(f *frame) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.watch.counters.published.Add(1)
	h.kept.add(f.id)
	h.log.Append(nil, f)
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
	h.log.Close(nil)
	h.mu.Unlock()
	if err != nil {
		h.config.OnError(err)
	}
}
