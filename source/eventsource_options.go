package source

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"net/http"
	"time"

	"github.com/rivulet-go/rivulet/internal/connect"
	"github.com/rivulet-go/rivulet/internal/must"
	"github.com/rivulet-go/rivulet/retry"
)

// Option is a setting of [FromEventSource]. If an option is given more than once, the last one wins. WithEvents,
// WithHeader, WithRequest and the hooks add instead. The hooks, whose names begin with WithOn, are called in order on
// the goroutine of the run, which waits for them.
type Option func(*settings)

type settings struct {
	connection      connect.Config
	events          map[string]bool // nil: all
	header          http.Header
	prepare         []func(*http.Request) error
	method          string
	contentType     string
	body            []byte
	lastEventID     string
	position        *connect.Position[string] // nil: each run begins with lastEventID
	client          *http.Client              // nil: one of our own
	connectTimeout  time.Duration             // notSet, until newSettings returns
	idle            time.Duration
	maxEventBytes   int
	completeOnEOF   bool
	untilFirstEvent bool
	done            func(Event[[]byte]) bool
	decode          func(data []byte, v any) error

	onOpen       []func(*http.Response)
	onComment    []func(string)
	onParseError []func(*ParseError)
}

const (
	notSet                = -1
	defaultConnectTimeout = 30 * time.Second
	defaultMaxEventBytes  = 16 << 20
)

func newSettings(function string, opts []Option) *settings {
	s := &settings{
		header:         http.Header{},
		method:         http.MethodGet,
		connectTimeout: notSet,
		maxEventBytes:  defaultMaxEventBytes,
		decode:         json.Unmarshal,
	}
	for _, opt := range opts {
		must.NotNil(function, opt)
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

// WithEvents emits events of these types only. Events of other types are dropped before they are decoded. An event for
// which the server names no type is a "message". WithEvents adds. It panics if types is empty. Default: all types.
func WithEvents(types ...string) Option {
	if len(types) == 0 {
		panic("source.WithEvents: no types")
	}
	return func(s *settings) {
		if s.events == nil {
			s.events = make(map[string]bool, len(types))
		}
		for _, typ := range types {
			s.events[typ] = true
		}
	}
}

// WithHeader adds a header to every request. The first value for a key replaces the value that FromEventSource sets
// itself: Accept, Accept-Encoding, Cache-Control and, with [WithMethod], Content-Type. It also replaces the User-Agent
// of net/http. A Last-Event-ID given here is replaced as soon as the stream has an ID. If the key or the value is not
// valid in HTTP, the stream fails with a [*RequestError]. The header is not sent on a redirect to another origin. The
// key Host has no effect; [WithRequest] can set the Host of the request.
func WithHeader(key, value string) Option {
	return func(s *settings) { s.header.Add(key, value) }
}

// WithRequest calls prepare with each request before it is sent, for example to set a token that expires. The request
// is complete except for what prepare changes. Its context ends with the attempt. If prepare fails, the stream fails
// with a [*RequestError]. WithRequest adds: each prepare is called, in order. prepare is not called for redirects.
func WithRequest(prepare func(*http.Request) error) Option {
	must.NotNil("source.WithRequest", prepare)
	return func(s *settings) { s.prepare = append(s.prepare, prepare) }
}

// WithMethod sends requests with this method and body, on every attempt. contentType may be empty. The body is not sent
// on a redirect to another origin. Default: GET without a body.
func WithMethod(method, contentType string, body []byte) Option {
	body = bytes.Clone(body)
	return func(s *settings) { s.method, s.contentType, s.body = method, contentType, body }
}

// WithLastEventID resumes after the event with this ID. The ID is sent with the first request, and events without an ID
// carry it, until the server sends another one. If HTTP cannot carry the ID, the stream fails with a [*RequestError]:
// an ID must have at most 4 KiB, no control character except a tab, and not only spaces.
func WithLastEventID(id string) Option {
	return func(s *settings) { s.lastEventID = id }
}

// WithHTTPClient sends the requests with this client, which is not changed. Its Timeout would end streams, so it is
// taken as the limit of [WithConnectTimeout], if that is not given. Its Transport, Jar and CheckRedirect are used.
// Connections that the client keeps for later, and a dial that its transport has begun, may outlive the run.
//
// Default: a client for each run, whose transport is a copy of [http.DefaultTransport] at that time.
func WithHTTPClient(client *http.Client) Option {
	must.NotNil("source.WithHTTPClient", client)
	return func(s *settings) { s.client = client }
}

// WithConnectTimeout limits the time from the beginning of an attempt until the headers of the answer have come, with
// all redirects. After that the attempt fails with [ErrConnectTimeout]. Some servers send their headers with the first
// event only and need more. Default: 30s. 0 means no limit.
func WithConnectTimeout(d time.Duration) Option {
	must.NotNegative("source.WithConnectTimeout", "d", d)
	return func(s *settings) { s.connectTimeout = d }
}

// WithIdleTimeout drops the connection with [ErrIdleTimeout] when no byte has come for d, and reconnects. Comments
// count, so a server can keep a connection with them. The time in which emit blocks does not count. Default: 0, no
// limit.
func WithIdleTimeout(d time.Duration) Option {
	must.NotNegative("source.WithIdleTimeout", "d", d)
	return func(s *settings) { s.idle = d }
}

// WithMaxEventBytes limits the data of an event, and the value of each line, to n bytes. A longer one fails the stream
// with an [*EventTooLargeError]. Default: 16 MiB.
func WithMaxEventBytes(n int) Option {
	must.Positive("source.WithMaxEventBytes", "n", n)
	return func(s *settings) { s.maxEventBytes = n }
}

// WithRetry sets the policy of reconnection. If its Retryable is nil, that is [Retryable]. A [*ParseError], an
// [*EventTooLargeError] and a [*RequestError] are never retried.
//
// The server can set the delay: a retry field replaces the policy's InitialDelay and is a lower bound for all later
// delays; a Retry-After header is a lower bound for the next one. After a retry field of 0 the first retry is
// immediate, and later delays grow from InitialDelay. Default: the zero [retry.Policy].
func WithRetry(policy retry.Policy) Option {
	policy.Check("source.WithRetry")
	return func(s *settings) { s.connection.Policy = policy }
}

// WithRetryUntilFirstEvent retries only as long as no event was emitted. After that, a lost connection fails the stream
// with its [*ConnectionError]. It suits an answer that cannot be resumed, such as that of a language model.
func WithRetryUntilFirstEvent() Option {
	return func(s *settings) { s.untilFirstEvent = true }
}

// WithCompleteOnEOF completes the stream when the server ends the body, where FromEventSource would reconnect. It suits
// an event stream with an end, such as the answer of a language model.
func WithCompleteOnEOF() Option {
	return func(s *settings) { s.completeOnEOF = true }
}

// WithDone completes the stream when isDone returns true for an event. That event is not emitted. isDone
// sees every event before it is decoded, also of types that [WithEvents] drops. It must not keep the Data.
func WithDone(isDone func(Event[[]byte]) bool) Option {
	must.NotNil("source.WithDone", isDone)
	return func(s *settings) { s.done = isDone }
}

// WithDecoder decodes the data of every event with unmarshal, unless T is string or []byte. v is a *T to a zero T.
// unmarshal must not keep data, nor let v refer to it. Its error is the Err of a [*ParseError]. Default:
// [json.Unmarshal].
func WithDecoder(unmarshal func(data []byte, v any) error) Option {
	must.NotNil("source.WithDecoder", unmarshal)
	return func(s *settings) { s.decode = unmarshal }
}

// WithLogger logs to logger. There is a warning for each lost connection, for the first attempt that fails, and for one
// in each minute while attempts keep failing. Other failed attempts are logged at the level Debug. Default:
// [slog.Default] at the time of the log line.
func WithLogger(logger *slog.Logger) Option {
	must.NotNil("source.WithLogger", logger)
	return func(s *settings) { s.connection.Logger = logger }
}

// WithOnOpen calls hook when a connection is open: the answer is a 200 and an event stream. The body of the response is
// empty, because the run reads the real one.
func WithOnOpen(hook func(*http.Response)) Option {
	must.NotNil("source.WithOnOpen", hook)
	return func(s *settings) { s.onOpen = append(s.onOpen, hook) }
}

// WithOnRetry calls hook before each wait for another attempt. err is the reason, in most cases a [*ConnectionError] or
// a [*StatusError]. attempt is the number of attempts that have failed in a row, from 1. delay is the time to wait.
func WithOnRetry(hook func(err error, attempt int, delay time.Duration)) Option {
	must.NotNil("source.WithOnRetry", hook)
	return func(s *settings) { s.connection.OnRetry = append(s.connection.OnRetry, hook) }
}

// WithOnStateChange calls hook at every change: [Connecting] when the run begins, then [Open] and Connecting by turns,
// and [Closed] when the run is about to return.
func WithOnStateChange(hook func(State)) Option {
	must.NotNil("source.WithOnStateChange", hook)
	return func(s *settings) {
		s.connection.OnState = append(s.connection.OnState, func(state connect.State) { hook(State(state)) })
	}
}

// WithOnComment calls hook with the text of every comment line as soon as the line has come. The text does not include
// the space that may follow the colon. Comments have no meaning; servers send them to keep a connection.
func WithOnComment(hook func(text string)) Option {
	must.NotNil("source.WithOnComment", hook)
	return func(s *settings) { s.onComment = append(s.onComment, hook) }
}

// WithOnParseError calls hook with every event whose data cannot be decoded, and the stream continues. hook may keep
// the error. Default: the stream fails with the error.
func WithOnParseError(hook func(*ParseError)) Option {
	must.NotNil("source.WithOnParseError", hook)
	return func(s *settings) { s.onParseError = append(s.onParseError, hook) }
}
