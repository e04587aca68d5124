package sink

import (
	"cmp"
	"errors"
	"io"
	"net/http"
	"strings"
	"time"
)

// ignoreBody keeps net/http from waiting for the body of a request, which the client may never send. By default,
// net/http reads it before it sends the header, and again after the response. The function that ignoreBody returns must
// be called when the response ends.
func ignoreBody(w http.ResponseWriter, r *http.Request) (end func()) {
	if r.ContentLength == 0 || r.ProtoMajor != 1 {
		return func() {}
	}
	w.Header().Set("Connection", "close") // otherwise, the rest of the body would be taken for another request
	return func() { _ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(grace)) }
}

// bodyWasRead reports whether the body of a request was read to its end. It does not wait, so it returns false for a
// body of unknown length.
func bodyWasRead(r *http.Request) bool {
	if r.ContentLength <= 0 {
		return r.ContentLength == 0
	}
	_, err := r.Body.Read(nil)
	return err == io.EOF || errors.Is(err, http.ErrBodyReadAfterClose)
}

// takes reports whether a request asks for events. If it does not, takes has answered it.
func (h *Handler[T]) takes(w http.ResponseWriter, r *http.Request) bool {
	allowed := "GET, HEAD"
	if h.config.AllowOrigin != "" {
		allowed += ", OPTIONS"
		w.Header().Set("Access-Control-Allow-Origin", h.config.AllowOrigin)
		w.Header().Set("Access-Control-Allow-Headers", "Last-Event-ID, Cache-Control")
	}
	switch {
	case r.Method == http.MethodGet || r.Method == http.MethodHead:
		return true
	case r.Method == http.MethodOptions && h.config.AllowOrigin != "":
		w.WriteHeader(http.StatusNoContent)
	default:
		w.Header().Set("Allow", allowed)
		h.refuse(w, http.StatusMethodNotAllowed)
	}
	return false
}

// refuse answers a request with a status other than 200.
func (h *Handler[T]) refuse(w http.ResponseWriter, status int) {
	switch status {
	case http.StatusNoContent:
		w.WriteHeader(status)
		return
	case http.StatusServiceUnavailable:
		w.Header().Set("Retry-After", "5")
	}
	h.watch.counters.refused.Add(1)
	http.Error(w, http.StatusText(status), status)
}

// lastEventID is the default of Config.LastEventID.
func lastEventID(r *http.Request) string {
	id, raw := r.Header.Get("Last-Event-ID"), r.URL.RawQuery
	// Parsing a query costs memory, which counts when thousands of clients connect. A key may be escaped.
	if id != "" || !strings.Contains(raw, "lastEventId") && !strings.Contains(raw, "last-event-id") && !strings.Contains(raw, "%") {
		return id
	}
	query := r.URL.Query()
	return cmp.Or(query.Get("lastEventId"), query.Get("last-event-id"))
}
