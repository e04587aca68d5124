package source

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"net/http"
	"time"

	"github.com/rivulet-go/rivulet/internal/must"
)

// Option is a setting of [FromEventSource]. A setting that is given again replaces the former, except where its doc
// says that it adds. The hooks, which are WithOnOpen, WithOnRetry, WithOnStateChange, WithOnComment and
// WithOnParseError, add: each is called, in the order given, on the goroutine of the run, which waits for it.
type Option func(*settings)

type settings struct {
	events         map[string]bool // nil: all
	header         http.Header
	prepare        []func(*http.Request) error
	method         string
	contentType    string
	body           []byte
	lastEventID    string
	position       *position     // nil: each run begins with lastEventID
	client         *http.Client  // nil: one of our own
	connectTimeout time.Duration // notSet, until newSettings returns
	idle           time.Duration
	maxEventBytes  int
	retry          RetryPolicy
	completeOnEOF  bool
	done           func(id, typ string, data []byte) bool
	decode         func(data []byte, v any) error
	logger         *slog.Logger // nil: slog.Default() at the time

	onOpen       []func(*http.Response)
	onRetry      []func(err error, attempt int, delay time.Duration)
	onState      []func(State)
	onComment    []func(string)
	onParseError []func(*ParseError)
}

const (
	notSet                = -1
	defaultConnectTimeout = 30 * time.Second
	defaultMaxEventBytes  = 16 << 20
)

func newSettings(opts []Option) *settings {
	s := &settings{
		header:         http.Header{},
		method:         http.MethodGet,
		connectTimeout: notSet,
		maxEventBytes:  defaultMaxEventBytes,
		decode:         json.Unmarshal,
	}
	for _, opt := range opts {
		must.NotNil("source.FromEventSource", opt)
		opt(s)
	}
	if s.connectTimeout == notSet {
		s.connectTimeout = defaultConnectTimeout
		if s.client != nil && s.client.Timeout > 0 {
			s.connectTimeout = s.client.Timeout
		}
	}
	return s
}

// WithEvents drops the events of other types than these before they are decoded. Without it, no event is dropped.
// An event for which the server names no type is a "message". It adds.
func WithEvents(types ...string) Option {
	return func(s *settings) {
		if s.events == nil {
			s.events = make(map[string]bool, len(types))
		}
		for _, typ := range types {
			s.events[typ] = true
		}
	}
}

// WithHeader adds a header to every request. The first value for a key that the client sets itself (Accept,
// Cache-Control, Accept-Encoding) takes the place of its own. A key or a value that HTTP does not allow is a
// [*RequestError]. The header is not sent along on a redirect to another origin. Host has no effect: [WithRequest]
// can set the Host of the request.
func WithHeader(key, value string) Option {
	return func(s *settings) { s.header.Add(key, value) }
}

// WithRequest calls prepare with each request before it is sent, also when it connects again: for a token that
// expires, say. The request holds all that the other options ask for; its context ends with the attempt. An error
// ends the stream as a [*RequestError]. It adds, in the order given.
func WithRequest(prepare func(*http.Request) error) Option {
	must.NotNil("source.WithRequest", prepare)
	return func(s *settings) { s.prepare = append(s.prepare, prepare) }
}

// WithMethod sends requests of this method with this body, again on every attempt; the default is GET without one.
// contentType may be empty. The body is not sent along on a redirect to another origin.
func WithMethod(method, contentType string, body []byte) Option {
	body = bytes.Clone(body)
	return func(s *settings) { s.method, s.contentType, s.body = method, contentType, body }
}

// WithLastEventID resumes after the event with this ID: it is sent with the first request, and events without an ID
// of their own have it, until the server sends another one.
func WithLastEventID(id string) Option {
	return func(s *settings) { s.lastEventID = id }
}

// WithHTTPClient sends the requests with this client, which is not written to. Its Timeout would cut streams off: it
// is taken as the limit of [WithConnectTimeout] instead, where that is not given. Connections that the client keeps
// for later, and a name lookup or dial that its transport has begun, may outlive the run.
//
// The default is a client for each run, whose transport is a copy of [http.DefaultTransport] at that time.
func WithHTTPClient(client *http.Client) Option {
	must.NotNil("source.WithHTTPClient", client)
	return func(s *settings) { s.client = client }
}

// WithConnectTimeout bounds the time from the begin of an attempt until the headers of its answer are there. Beyond
// it the attempt has failed with [ErrConnectTimeout]. 0 is no limit; the default is 30 s. A server that sends its
// headers with the first event only may need more.
func WithConnectTimeout(d time.Duration) Option {
	must.NotNegative("source.WithConnectTimeout", "d", d)
	return func(s *settings) { s.connectTimeout = d }
}

// WithIdleTimeout drops the connection, with [ErrIdleTimeout], when the run has waited for d without a single byte
// coming, and connects again. Comments count as bytes, so that a server can keep the connection with them; the time
// for which emit blocks does not count. 0, the default, is no limit.
func WithIdleTimeout(d time.Duration) Option {
	must.NotNegative("source.WithIdleTimeout", "d", d)
	return func(s *settings) { s.idle = d }
}

// WithMaxEventBytes bounds the data of an event, and every value on a line of its own, in bytes. Beyond it the
// stream fails with [*EventTooLargeError]. The default is 16 MiB.
func WithMaxEventBytes(n int) Option {
	must.Positive("source.WithMaxEventBytes", "n", n)
	return func(s *settings) { s.maxEventBytes = n }
}

// WithRetry sets when a lost connection is made anew. The default is RetryPolicy{}.
func WithRetry(policy RetryPolicy) Option {
	policy.check("source.WithRetry")
	return func(s *settings) { s.retry = policy }
}

// WithCompleteOnEOF completes the stream when the server ends the body, rather than connecting again: for an answer
// that is an event stream but has an end, as language models give it.
func WithCompleteOnEOF() Option {
	return func(s *settings) { s.completeOnEOF = true }
}

// WithDone completes the stream at the first event for which isDone is true; that event is not emitted. isDone sees
// all events, also of types that [WithEvents] drops, and must not keep data.
func WithDone(isDone func(id, typ string, data []byte) bool) Option {
	must.NotNil("source.WithDone", isDone)
	return func(s *settings) { s.done = isDone }
}

// WithDecoder decodes with unmarshal, rather than with [json.Unmarshal], the data of every event when T is neither
// string nor []byte. v is a *T to a zero T. unmarshal must not keep data, nor let v alias it. What it returns ends up
// in a [*ParseError].
func WithDecoder(unmarshal func(data []byte, v any) error) Option {
	must.NotNil("source.WithDecoder", unmarshal)
	return func(s *settings) { s.decode = unmarshal }
}

// WithLogger logs to logger, by default to [slog.Default], one warning for each connection that is lost and made
// anew. Of attempts that fail in a row only the first is a warning, the others are for debugging.
func WithLogger(logger *slog.Logger) Option {
	must.NotNil("source.WithLogger", logger)
	return func(s *settings) { s.logger = logger }
}

// WithOnOpen calls hook when a connection is open: the answer is a 200 and an event stream. The response is there to
// look at; its body is empty, because the run reads the real one.
func WithOnOpen(hook func(*http.Response)) Option {
	must.NotNil("source.WithOnOpen", hook)
	return func(s *settings) { s.onOpen = append(s.onOpen, hook) }
}

// WithOnRetry calls hook before each wait for another attempt, with the reason (errors.Is io.EOF when the server
// ended the body), the number of attempts that have failed in a row, from 1, and the delay until the next.
func WithOnRetry(hook func(err error, attempt int, delay time.Duration)) Option {
	must.NotNil("source.WithOnRetry", hook)
	return func(s *settings) { s.onRetry = append(s.onRetry, hook) }
}

// WithOnStateChange calls hook at every change: [Connecting] when the run begins, [Open] and back as connections come
// and are lost, [Closed] when the run is about to return.
func WithOnStateChange(hook func(State)) Option {
	must.NotNil("source.WithOnStateChange", hook)
	return func(s *settings) { s.onState = append(s.onState, hook) }
}

// WithOnComment calls hook with the text of every comment line, at once, without the one space that may follow the
// colon. Comments have no meaning; servers send them to keep a connection alive.
func WithOnComment(hook func(text string)) Option {
	must.NotNil("source.WithOnComment", hook)
	return func(s *settings) { s.onComment = append(s.onComment, hook) }
}

// WithOnParseError calls hook with every event whose data does not decode, and the stream goes on without it.
// The error belongs to the hook.
func WithOnParseError(hook func(*ParseError)) Option {
	must.NotNil("source.WithOnParseError", hook)
	return func(s *settings) { s.onParseError = append(s.onParseError, hook) }
}
