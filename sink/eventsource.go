package sink

import (
	"context"
	"sync"

	"github.com/rivulet-go/rivulet/internal/queue"
	"github.com/rivulet-go/rivulet/observable"
)

// Handler serves one run of a stream to any number of clients. See [EventSource].
type Handler[T any] struct {
	config *settings[T]
	source observable.Observable[T]
	watch  *watch
	log    *queue.Log[*frame[T]]

	ctx    context.Context // canceled by Close
	cancel context.CancelFunc
	run    sync.WaitGroup

	reading turns // to read a History

	mu    sync.Mutex
	begun bool   // the run
	over  int    // the status of responses without events after the end of the run; 0 before
	kept  *index // of the log
}

// EventSource returns a Handler that serves a stream as Server-Sent Events, over HTTP/1.1 and HTTP/2. Its clients are
// the EventSource of a browser, source.FromEventSource, and others that speak this protocol.
//
// All clients share one run of src. The run starts with the first client, or at once with [Config.Eager]. It continues
// without clients, until src ends or the Handler is closed. Each item is encoded once. A slow client delays neither the
// run nor other clients: it is disconnected. When an [http.Server] is shut down, the responses of that server end; the
// run and the responses of other servers continue.
//
// When the stream completes, open responses end. Clients that connect later get the kept events, or status 204 if there
// are none, after which an EventSource does not reconnect. When the stream fails, open responses end as well; clients
// that connect later get the kept events, or status 500 if there are none. Requests with other methods than GET and HEAD
// get status 405.
//
// # Clients that reconnect
//
// A client that reconnects sends the ID of its last event. If that is among the last [Config.Replay] events, the client
// gets the events after it, each once and in order. If it is older, the client gets the missing events from
// [Config.History], such as those in a database or a durable log. If that does not have them either, the client has
// missed events: see [Config.Gap].
// A client that connects without an ID is sent the current one, so that it misses nothing when it reconnects before its
// first event. Processes that serve the same stream with the same IDs can serve each other's clients.
//
// # Implementation notes
//
// EventSource starts one goroutine for the run, which calls src and the functions of config. A client costs no goroutine
// in addition to that of its request, and no timer. Each encoded event is held once for all clients, as long as one of
// them or Replay needs it.
//
// EventSource has no topics, tokens, presence or rooms; servers such as Mercure and Centrifugo have.
func EventSource[T any](src observable.Observable[T], config Config[T]) *Handler[T] {
	if src == nil {
		panic("sink.EventSource: nil source")
	}
	s := config.settings("sink.EventSource")
	h := &Handler[T]{
		config: s,
		source: src,
		watch:  newWatch(s.Heartbeat, s.WriteTimeout),
		log: queue.NewLog[*frame[T]](queue.LogConfig{
			Capacity: s.Buffer, Replay: s.Replay, Overflow: queue.Fail,
		}),
		reading: turns{free: s.HistoryLimit},
		kept:    newIndex(s.Replay, s.origin),
	}
	h.ctx, h.cancel = context.WithCancel(context.Background())
	if s.Eager {
		h.start()
	}
	return h
}

// Close stops the run and ends all responses. It waits for the run to end, so it must not be called by a function that
// the run calls. It does not wait for the responses: a client has one second to receive what was sent to it. Requests
// that arrive later get status 503.
func (h *Handler[T]) Close() {
	h.mu.Lock()
	h.cancel() // under the lock, so that the run has started or never will
	h.mu.Unlock()
	h.watch.endAll()
	h.run.Wait()
}

// Clients returns the number of clients that are being served.
func (h *Handler[T]) Clients() int { return h.watch.count() }

// Healthy reports whether clients get new events: the stream has neither completed nor failed, and the Handler is not
// closed. It is for a readiness check.
func (h *Handler[T]) Healthy() bool { return h.ctx.Err() == nil && !h.isOver() }
