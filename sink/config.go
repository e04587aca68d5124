package sink

import (
	"cmp"
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/rivulet-go/rivulet/internal/must"
	"github.com/rivulet-go/rivulet/observable"
)

// Config has the settings of a [Handler] and of [Respond]. The zero Config is valid.
//
// The functions Type, ID and Encode are called on the goroutine of the run and, with History, concurrently on others.
// Functions that take an [http.Request] or a Last-Event-ID are called on the goroutine of that request, so that calls
// for several requests are concurrent.
type Config[T any] struct {
	// Type returns the event type of an item. Control characters become spaces.
	// Default: "", which clients take for "message".
	Type func(T) string
	// ID returns the event ID of an item, or "" for none. An event without an ID may be sent twice to a client that
	// reconnects. Control characters become spaces and spaces at the ends are removed, because a client returns the ID
	// in a header. It should be short: not all clients send more than 4 KiB.
	// Default: consecutive numbers with a random prefix, so that IDs from an earlier Handler are not mistaken for
	// current ones; for Respond, no ID.
	ID func(T) string
	// Encode returns the data of an item. Its lines may end in LF, CR or CRLF; clients receive LF. If Encode fails, the
	// stream fails with that error. Bytes that are not UTF-8 become U+FFFD, here and in Type and ID.
	// Default: the item itself if it is a string or []byte, otherwise its JSON.
	Encode func(T) ([]byte, error)

	// Greeting holds items that each client gets first, each time it connects. These events have no ID. If one cannot be
	// encoded, EventSource and Respond panic.
	Greeting []T
	// Retry is the time that a client waits before it reconnects, when it has lost its connection.
	// Default: 0, the client decides.
	Retry time.Duration

	// Replay is the number of events that are kept for clients that reconnect. Such a client sends the ID of its last
	// event and gets the kept events that follow it. Default: 0.
	Replay int
	// ReplayToAll sends the kept events also to clients that connect without a Last-Event-ID.
	ReplayToAll bool
	// LastEventID returns the ID of the last event that a client has had, or "".
	// Default: the header Last-Event-ID, or else the query parameter lastEventId or last-event-id.
	LastEventID func(*http.Request) string

	// History returns the events that follow the one with an ID, for a client whose last event is no longer kept. The
	// client gets them until one of them is among the kept events, and then the events of the Handler from there on.
	// History may continue with new events, or complete. If it completes too early, it is called again with the ID of
	// the last event that the client got.
	//
	// An event must have the same ID in the History and in the stream, in every process that serves them. ID, Replay and
	// Eager must be set; otherwise, EventSource panics.
	//
	// History must fail with [ErrHistoryGone] if it does not reach back to that event, or does not know the ID, which
	// can be anything that a client sends. On any other error, OnError is called and the response ends; the client can
	// reconnect. Each client that reads a History starts one goroutine and buffers up to 128 events. Default: nil, no
	// events but the kept ones.
	History func(ctx context.Context, lastEventID string) observable.Observable[T]
	// HistoryLimit is the number of clients that read a History at a time. Others wait, with heartbeats. Default: 64.
	HistoryLimit int
	// Gap returns the item for a client that has missed events: its last event is neither kept nor in the History. The
	// client gets that item as an event without an ID, and then the kept events.
	//
	// Without Gap, or if it returns false, such a client gets the kept events. If there is a History, it gets status 410
	// instead, after which the EventSource of a browser does not reconnect.
	Gap func(lastEventID string) (T, bool)
	// OnGap is called for each client that has missed events. Default: logs a warning if Replay is set.
	OnGap func(r *http.Request, lastEventID string)

	// Admit decides whether a client is served, and which events it gets. It is called once for each request. If it
	// fails, the request is refused with the status of the [AdmitError], or 403 if there is none.
	// Default: each client gets all events.
	Admit func(*http.Request) (Admission[T], error)
	// MaxClients is the number of clients that are served at a time. Others get status 503, after which the EventSource
	// of a browser does not reconnect. Default: 0, no limit.
	MaxClients int
	// AllowOrigin is the value of the header Access-Control-Allow-Origin, such as "*" to let pages of all origins read.
	// Default: "", no header.
	AllowOrigin string

	// Heartbeat is the longest time without an event. After it, the client gets a comment, which keeps proxies from
	// closing the connection, and shows which clients have gone. Heartbeats of many clients are sent together, so that
	// some come up to 1/64 earlier. Default: 15s. Negative means none.
	Heartbeat time.Duration
	// Buffer is the number of events that may wait for a client, in addition to those that are kept and to the batch
	// that is being written. A client that falls further behind is disconnected; it can reconnect with its
	// Last-Event-ID. A burst larger than Buffer and Replay together may therefore disconnect every client. Respond
	// delays its source instead. Default: 128.
	Buffer int
	// WriteTimeout is the time allowed for writing one event, or up to 32 KiB of smaller events. A client that takes
	// longer is disconnected. It replaces the ReadTimeout and WriteTimeout of the [http.Server] for these responses; it
	// cannot if a middleware wraps the [http.ResponseWriter] without Unwrap or SetWriteDeadline.
	// Default: 30s. Negative means no limit.
	WriteTimeout time.Duration

	// Eager starts the run at once. Otherwise, it starts with the first client.
	Eager bool
	// OnError is called when the source or Encode has failed, or the source has failed to stop. It is then called on the
	// goroutine of the run, at its end. It is also called when a History has failed, on the goroutine of the request.
	// Default: logs an error.
	OnError func(error)
	// OnDisconnect is called for each client that was disconnected because it was too slow.
	// Default: logs a warning.
	OnDisconnect func(*http.Request)
}

// settings are a Config with all defaults, and values that are computed from it.
type settings[T any] struct {
	Config[T]
	origin string // the ID of the position before the first event, or ""
	first  []byte // the bytes that every client gets first: Retry and Greeting
}

// settings returns the settings of a Config. If that has a mistake, it panics in the name of the given function.
func (c Config[T]) settings(function string) *settings[T] {
	must.NotNegative(function, "Config.Retry", c.Retry)
	must.NotNegative(function, "Config.Replay", c.Replay)
	must.NotNegative(function, "Config.HistoryLimit", c.HistoryLimit)
	must.NotNegative(function, "Config.MaxClients", c.MaxClients)
	must.NotNegative(function, "Config.Buffer", c.Buffer)
	if c.History != nil && (c.ID == nil || c.Replay == 0 || !c.Eager) {
		panic(function + ": Config.History without ID, Replay or Eager")
	}
	s := &settings[T]{Config: c}
	s.setDefaults()
	s.first = s.greeting(function)
	return s
}

func (s *settings[T]) setDefaults() {
	if s.Type == nil {
		s.Type = func(T) string { return "" }
	}
	if s.ID == nil {
		s.origin, s.ID = numbered[T]()
	}
	if s.Encode == nil {
		s.Encode = encode[T]
	}
	if s.LastEventID == nil {
		s.LastEventID = lastEventID
	}
	if s.Admit == nil {
		s.Admit = func(*http.Request) (Admission[T], error) { return Admission[T]{}, nil }
	}
	s.HistoryLimit = cmp.Or(s.HistoryLimit, 64)
	s.Heartbeat = max(cmp.Or(s.Heartbeat, 15*time.Second), 0)
	s.Buffer = cmp.Or(s.Buffer, 128)
	s.WriteTimeout = max(cmp.Or(s.WriteTimeout, 30*time.Second), 0)
	s.setDefaultHooks()
}

func (s *settings[T]) setDefaultHooks() {
	warn := func(message string, r *http.Request) {
		slog.Default().Warn("rivulet: "+message, "client", r.RemoteAddr, "path", r.URL.Path)
	}
	if s.OnError == nil {
		s.OnError = func(err error) { slog.Default().Error("rivulet: a published stream failed", "error", err) }
	}
	if s.OnDisconnect == nil {
		s.OnDisconnect = func(r *http.Request) { warn("a slow client was disconnected", r) }
	}
	if s.OnGap == nil {
		s.OnGap = func(r *http.Request, _ string) {
			if s.Replay > 0 {
				warn("a client has missed events", r)
			}
		}
	}
}
