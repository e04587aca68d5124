//go:build unix

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log"
	"net/http"
	"strconv"
	"sync"

	"github.com/launchdarkly/eventsource"
	r3labs "github.com/r3labs/sse/v2"
	"github.com/tmaxmax/go-sse"

	"github.com/rivulet-go/rivulet/sink"
)

// contenders are the servers; limit is the one written by hand.
var contenders = []string{"limit", "rivulet", "go-sse", "launchdarkly", "r3labs"}

// newContender returns a server that publishes what next returns, from a goroutine of its own. A client may lag behind
// by a window.
func newContender(name string, window int, next func() price) http.Handler {
	switch name {
	case "limit":
		h := &hub{clients: make(map[chan []byte]context.Context), window: window}
		go h.run(next)
		return h
	case "rivulet":
		return rivulet(window, next)
	case "go-sse":
		return goSSE(next)
	case "launchdarkly":
		return launchdarkly(window, next)
	case "r3labs":
		return r3(window, next)
	}
	log.Fatalf("there is no server %q", name)
	return nil
}

func rivulet(window int, next func() price) http.Handler {
	prices := func(_ context.Context, emit func(price) bool) error {
		for emit(next()) {
		}
		return nil
	}
	id := func(v price) string { return strconv.Itoa(v.Number) }
	return sink.EventSource(prices, sink.Config[price]{ID: id, Buffer: window, Eager: true})
}

// goSSE sends the head of a response when it is asked to listen; by itself that server waits for the first event.
func goSSE(next func() price) http.Handler {
	server := &sse.Server{OnSession: func(w http.ResponseWriter, _ *http.Request) ([]string, bool) {
		w.Header().Set("Content-Type", "text/event-stream")
		return nil, http.NewResponseController(w).Flush() == nil
	}}
	go func() {
		for {
			v := next()
			m := &sse.Message{ID: sse.ID(strconv.Itoa(v.Number))}
			m.AppendData(string(encode(v)))
			_ = server.Publish(m)
		}
	}()
	return server
}

func launchdarkly(window int, next func() price) http.Handler {
	server := eventsource.NewServer()
	server.BufferSize = window
	go func() {
		for {
			v := next()
			server.Publish([]string{"prices"}, event{strconv.Itoa(v.Number), string(encode(v))})
		}
	}()
	return server.Handler("prices")
}

// event is an eventsource.Event.
type event struct{ id, data string }

func (e event) Id() string    { return e.id } //nolint:revive // the name is that of the interface
func (e event) Event() string { return "" }
func (e event) Data() string  { return e.data }

func r3(window int, next func() price) http.Handler {
	server := r3labs.New()
	server.AutoReplay = false
	server.BufferSize = window
	server.CreateStream("prices")
	go func() {
		for {
			v := next()
			server.Publish("prices", &r3labs.Event{ID: []byte(strconv.Itoa(v.Number)), Data: encode(v)})
		}
	}()
	return server
}

func encode(v price) []byte {
	data, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return data
}

// hub is the handler written by hand: a channel for each client, which the publisher fills with what it has encoded
// once, and one goroutine for each request, which writes what is in its channel and flushes.
type hub struct {
	window  int
	mu      sync.Mutex
	clients map[chan []byte]context.Context
}

func (h *hub) run(next func() price) {
	for {
		v := next()
		h.send(fmt.Appendf(nil, "id: %d\ndata: %s\n\n", v.Number, encode(v)))
	}
}

func (h *hub) send(frame []byte) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for c, ctx := range h.clients {
		select {
		case c <- frame:
		case <-ctx.Done():
		}
	}
}

func (h *hub) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	frames := make(chan []byte, min(h.window, 256))
	h.mu.Lock()
	h.clients[frames] = r.Context()
	h.mu.Unlock()
	defer func() {
		h.mu.Lock()
		delete(h.clients, frames)
		h.mu.Unlock()
	}()
	w.Header().Set("Content-Type", "text/event-stream")
	controller := http.NewResponseController(w)
	for err := controller.Flush(); err == nil; err = controller.Flush() {
		select {
		case frame := <-frames:
			_, _ = w.Write(frame)
		case <-r.Context().Done():
			return
		}
		for range len(frames) {
			_, _ = w.Write(<-frames)
		}
	}
}
