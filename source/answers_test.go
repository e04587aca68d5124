package source_test

import (
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"
)

// send writes to an event stream, and flushes.
func send(w http.ResponseWriter, text string) {
	if w.Header().Get("Content-Type") == "" {
		w.Header().Set("Content-Type", "text/event-stream")
	}
	_, _ = io.WriteString(w, text)
	w.(http.Flusher).Flush()
}

// hold keeps a stream open until the client leaves or the server closes.
func hold(r *http.Request) { <-r.Context().Done() }

// write sends the headers, and then each piece on its own.
func write(w http.ResponseWriter, pieces ...string) {
	send(w, "")
	for _, piece := range pieces {
		send(w, piece)
	}
}

// body answers 200 with the pieces, each flushed on its own, and ends the body.
func body(pieces ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { write(w, pieces...) }
}

// held is body, but then the answer stays open until the client goes.
func held(pieces ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		write(w, pieces...)
		hold(r)
	}
}

// heldFor is held for a time, after which the body ends.
func heldFor(d time.Duration, pieces ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		write(w, pieces...)
		select {
		case <-time.After(d):
		case <-r.Context().Done():
		}
	}
}

// cut is body, but the connection breaks where the body should have ended.
func cut(pieces ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		write(w, pieces...)
		panic(http.ErrAbortHandler)
	}
}

// status answers with a code and the headers given as key, value, key, value.
func status(code int, header ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i < len(header); i += 2 {
			w.Header().Add(header[i], header[i+1])
		}
		w.WriteHeader(code)
	}
}

// silence never answers.
func silence(_ http.ResponseWriter, r *http.Request) { hold(r) }

// answers gives one answer after the other, and the last again and again.
func answers(handlers ...http.HandlerFunc) http.HandlerFunc {
	var mu sync.Mutex
	return func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		handler := handlers[0]
		if len(handlers) > 1 {
			handlers = handlers[1:]
		}
		mu.Unlock()
		handler(w, r)
	}
}

// compressed is held, in gzip, whether that was asked for or not.
func compressed(pieces ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		writeCompressed(w, pieces)
		hold(r)
	}
}

// compressedBody is compressed, but then the body ends.
func compressedBody(pieces ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { _ = writeCompressed(w, pieces).Close() }
}

// writeCompressed sends the headers and each piece in gzip, on its own. Close of the result ends the text.
func writeCompressed(w http.ResponseWriter, pieces []string) *gzip.Writer {
	w.Header().Set("Content-Encoding", "gzip")
	send(w, "")
	packer := gzip.NewWriter(w)
	for _, piece := range pieces {
		_, _ = io.WriteString(packer, piece)
		_ = packer.Flush()
		send(w, "")
	}
	return packer
}

// inGzip answers with bytes that it calls gzip, and ends the body.
func inGzip(bytes string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		send(w, bytes)
	}
}

// redirect answers with a status and a Location; "" is an empty one.
func redirect(code int, location string) http.HandlerFunc { return status(code, "Location", location) }

// byPath answers by the path of the request, over whatever host.
func byPath(answers map[string]http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) { answers[r.Host+r.URL.Path](w, r) }
}

// redirects sends requests along a chain of places. The last place answers 204.
func redirects(code int, places ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var hop int
		_, _ = fmt.Sscanf(r.URL.Path, "/%d", &hop)
		if hop == len(places) {
			w.WriteHeader(http.StatusNoContent)
			return
		}
		w.Header().Set("Location", fmt.Sprintf("%s/%d", places[hop], hop+1))
		w.WriteHeader(code)
	}
}
