package sink

import (
	"cmp"
	"context"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/rivulet-go/rivulet/internal/must"
	"github.com/rivulet-go/rivulet/internal/queue"
	"github.com/rivulet-go/rivulet/observable"
)

// Config says how a [Handler] serves its stream. The zero Config is useful as it is.
type Config[T any] struct {
	// Type is the event type of an item; "", also by default, is "message". Control characters come out as spaces.
	Type func(T) string
	// ID is the event ID of an item; "" is none, and an event without one may come twice to a client that comes back.
	// Because it comes back as a header, control characters come out as spaces, those at its ends are taken away, and
	// it should be short: not all clients send more than 4 KiB.
	// By default events are numbered, in a way that differs from one Handler to the next, so that a client of a former
	// one is not mistaken.
	ID func(T) string
	// Encode is the data of an item, by default its JSON. Its lines may end in LF, CR or CRLF and all come out as LF.
	// An error ends the stream as a failure of the source does.
	//
	// What is not UTF-8, here and in the Type and the ID, comes out as U+FFFD.
	Encode func(T) ([]byte, error)

	// Greeting is what every client gets first, each time it connects. These events have no ID. One that cannot be
	// encoded is a mistake in building the pipeline: EventSource panics.
	Greeting []T

	// Replay is how many of the latest events are kept for a client that comes back with a Last-Event-ID: it gets
	// those after that event, or all of them when the event is not among them. 0 keeps none.
	Replay int
	// ReplayToAll sends the kept events also to clients that come without a Last-Event-ID.
	ReplayToAll bool

	// Heartbeat is the longest silence: a comment follows it, which keeps proxies from closing the connection and finds
	// out which clients have gone. Default 15 s; negative for none.
	Heartbeat time.Duration
	// Buffer is how many events may wait for a client, beside the kept ones that it is sent first and the one that is
	// being written. One for which more would have to wait is cut off; it comes back with its Last-Event-ID. So a source
	// that emits more at a time than this, and at once, cuts everybody off. Default 128.
	Buffer int
	// WriteTimeout is how long a client may take to accept an event. Beyond it it is cut off. The ReadTimeout and the
	// WriteTimeout of an [http.Server] are not for an endless response and do not count. Default 30 s; negative for no
	// limit. A response of a middleware that has neither SetWriteDeadline nor Unwrap knows no limit but the server's.
	WriteTimeout time.Duration
	// MaxClients is how many clients are served at once; others are answered 503, upon which the EventSource of a
	// browser gives up. 0 is no limit.
	MaxClients int
	// AllowOrigin is the header Access-Control-Allow-Origin, "*" for pages of all origins. "" sends none.
	AllowOrigin string

	// Eager runs the source from the start, not only from the first client on.
	Eager bool
	// OnError is told when the source has failed, also when it fails to end, or an item could not be encoded. It is
	// called on the goroutine of the run, at its end. By default the failure is logged.
	OnError func(error)
	// OnDisconnect is told of every client that was cut off because it was too slow, on the goroutine of its request. By
	// default it is logged.
	OnDisconnect func(*http.Request)
}

const (
	defaultHeartbeat    = 15 * time.Second
	defaultBuffer       = 128
	defaultWriteTimeout = 30 * time.Second
)

// Handler serves one run of a stream to any number of clients. See [EventSource].
type Handler[T any] struct {
	config   Config[T]
	source   observable.Observable[T]
	greeting []byte // on the wire

	watch *watch
	log   *queue.Log[*frame]

	ctx    context.Context // until it is closed
	cancel context.CancelFunc
	run    sync.WaitGroup

	mu    sync.Mutex
	begun bool
	over  int // the status for clients for which nothing is left after the end of the run; 0 before
	kept  index
}

// EventSource serves a stream, by HTTP/1.1 and HTTP/2, to clients that speak Server-Sent Events, such as the
// EventSource of a browser and source.FromEventSource.
//
// All clients share one run of src, which begins with the first of them, or at once with [Config.Eager], and goes on,
// also without clients, until it ends or the Handler is closed. Each item is encoded once. A slow client holds up
// neither the run nor the others: it is cut off. When an [http.Server] is shut down, the responses that it serves end;
// the run and those of other servers go on.
//
// When the stream is complete, so are the responses; who comes then gets what is kept and, when there is nothing,
// the status 204, which tells a client not to come again. When it has failed the responses end; who comes then gets
// what is kept too, and then a 500. A response that cannot flush, because of a middleware, is a 500 that says so.
//
// It starts one goroutine, for the run, which calls src and the functions of config; no panic is recovered there.
// It holds each encoded event once, for all clients, as long as one of them or Replay needs it.
func EventSource[T any](src observable.Observable[T], config Config[T]) *Handler[T] {
	must.NotNil("sink.EventSource", src)
	must.NotNegative("sink.EventSource", "Config.Replay", config.Replay)
	must.NotNegative("sink.EventSource", "Config.Buffer", config.Buffer)
	must.NotNegative("sink.EventSource", "Config.MaxClients", config.MaxClients)
	config.setDefaults()
	h := &Handler[T]{
		config:   config,
		source:   src,
		greeting: config.greeting(),
		watch:    newWatch(config.Heartbeat, config.WriteTimeout),
		log: queue.NewLog[*frame](queue.LogConfig{
			Capacity: config.Buffer, Replay: config.Replay, Overflow: queue.Fail,
		}),
		kept: index{size: config.Replay},
	}
	h.ctx, h.cancel = context.WithCancel(context.Background())
	if config.Eager {
		h.start()
	}
	return h
}

func (c *Config[T]) setDefaults() {
	if c.Type == nil {
		c.Type = func(T) string { return "" }
	}
	if c.ID == nil {
		c.ID = numbered[T]()
	}
	if c.Encode == nil {
		c.Encode = encodeJSON[T]
	}
	c.Heartbeat = max(cmp.Or(c.Heartbeat, defaultHeartbeat), 0)
	c.Buffer = cmp.Or(c.Buffer, defaultBuffer)
	c.WriteTimeout = max(cmp.Or(c.WriteTimeout, defaultWriteTimeout), 0)
	if c.OnError == nil {
		c.OnError = func(err error) { slog.Default().Error("rivulet: a published stream failed", "error", err) }
	}
	if c.OnDisconnect == nil {
		c.OnDisconnect = func(r *http.Request) {
			slog.Default().Warn("rivulet: a slow client was disconnected", "client", r.RemoteAddr, "path", r.URL.Path)
		}
	}
}

// Close ends the run and all responses. It waits for the end of the run, so no function that the run calls may call it,
// but not for that of the responses: a client has a second to accept what is on its way. Who comes later gets 503.
func (h *Handler[T]) Close() {
	h.mu.Lock()
	h.cancel() // under the lock, so that the run has begun or never will
	h.mu.Unlock()
	h.watch.endAll()
	h.run.Wait()
}

// Clients tells how many clients are being served.
func (h *Handler[T]) Clients() int { return h.watch.count() }
