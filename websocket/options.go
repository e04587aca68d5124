package websocket

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"time"

	"github.com/rivulet-go/rivulet/internal/connect"
	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/retry"
)

// Option is a setting of [From]. If an option is given more than once, the last one wins, except for hooks and for the
// options whose doc says so: they are all used, in order. Hooks are called on the goroutine of the run, which waits for
// them.
type Option func(*settings)

type settings struct {
	connection      connect.Config
	header          http.Header
	prepare         []func(*http.Request) error
	client          *http.Client // nil: one for each attempt
	subprotocols    []string
	compression     bool
	connectTimeout  time.Duration // notSet until newSettings returns
	idle            time.Duration
	pingEvery       time.Duration
	pingWithin      time.Duration
	maxMessageBytes int
	completeOnClose bool
	decode          func(data []byte, v any) error
	commands        observable.Observable[any] // nil: none

	onConnect    []func(context.Context, *Conn) error
	onOpen       []func(*http.Response)
	onParseError []func(*ParseError)
}

const (
	notSet                 = -1
	defaultConnectTimeout  = 30 * time.Second
	defaultMaxMessageBytes = 16 << 20
)

func newSettings(opts []Option) *settings {
	s := &settings{
		connectTimeout:  notSet,
		maxMessageBytes: defaultMaxMessageBytes,
		decode:          json.Unmarshal,
	}
	for _, opt := range opts {
		if opt == nil {
			panic("websocket.From: nil option")
		}
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

// WithOnConnect calls hook after every handshake, before the connection is open and before its messages are emitted: to
// authenticate, to subscribe, to receive what the server answers. The messages that hook receives are not emitted.
// [WithConnectTimeout] bounds all hooks together; ctx ends with it and with the run. An error is the reason of a
// [*ConnectionError]. It is retried like a failed handshake, unless it is a [Permanent] one or the policy says otherwise.
// All hooks are called, in the order of their options, until one fails.
func WithOnConnect(hook func(ctx context.Context, conn *Conn) error) Option {
	if hook == nil {
		panic("websocket.WithOnConnect: nil hook")
	}
	return func(s *settings) { s.onConnect = append(s.onConnect, hook) }
}

// WithSubscribe sends v after every handshake, as [Conn.Send] does: for an endpoint that wants one message. It is a
// [WithOnConnect] that sends v. If v cannot be encoded, the stream fails with a [*CommandError].
func WithSubscribe(v any) Option {
	return WithOnConnect(func(_ context.Context, conn *Conn) error { return conn.Send(v) })
}

// WithCommands sends the items of commands to the server: a string as a text message, a []byte as a binary message,
// everything else as JSON in a text message. commands is run once for each run of the stream, on a goroutine of its own,
// and is stopped with it. If it fails, the stream fails with its error; if it completes, the stream continues.
//
// While the run is not connected, no command is taken: the emit of commands blocks until the next connection is open.
// Put operators.OnBackpressureDrop or operators.OnBackpressureLatest behind a source that must not wait. A command whose
// sending fails is not sent again, as it may have arrived: the connection is given up, and a [*SendError] with the
// command is the reason. A command that was sent may still be lost if the connection is lost soon after: only an answer
// of the server says that it has arrived.
func WithCommands(commands observable.Observable[any]) Option {
	if commands == nil {
		panic("websocket.WithCommands: nil commands")
	}
	return func(s *settings) { s.commands = commands }
}

// WithHeader adds a header to the request of every handshake. A key or a value that HTTP does not allow is a
// [*RequestError]. The headers of the handshake itself (Connection, Upgrade, Sec-WebSocket-Version, Sec-WebSocket-Key)
// cannot be replaced, nor can Host: [WithRequest] can set the Host of the request. Every use adds a value.
func WithHeader(key, value string) Option {
	return func(s *settings) {
		if s.header == nil {
			s.header = http.Header{}
		}
		s.header.Add(key, value)
	}
}

// WithRequest calls prepare before every handshake with a request that has the URL, the Host and the headers to be sent,
// except for those of the handshake itself. prepare may change these three, for example to add a token that expires. The
// context of the request ends with the attempt. An error ends the stream with a [*RequestError]. All functions are
// called, in the order of their options.
func WithRequest(prepare func(*http.Request) error) Option {
	if prepare == nil {
		panic("websocket.WithRequest: nil prepare")
	}
	return func(s *settings) { s.prepare = append(s.prepare, prepare) }
}

// WithHTTPClient makes the handshake with this client, which is not written to. Its transport must return a body that
// can be written to when the status is 101, as http.Transport does. Its Timeout, which would end a connection, is used as
// the limit of [WithConnectTimeout] instead, unless that is given. Its CheckRedirect is not called: redirects are not
// followed. A name lookup or a dial that its transport has begun may outlive the run.
//
// Default: a client for each attempt, whose transport is a copy of [http.DefaultTransport] at that time.
func WithHTTPClient(client *http.Client) Option {
	if client == nil {
		panic("websocket.WithHTTPClient: nil client")
	}
	return func(s *settings) { s.client = client }
}

// WithSubprotocols asks the server to choose one of these protocols, the first one preferred. If it chooses none of
// them, the stream fails with a [*HandshakeError]. [Conn.Subprotocol] is the one that was chosen.
func WithSubprotocols(protocols ...string) Option {
	if len(protocols) == 0 {
		panic("websocket.WithSubprotocols: no protocols")
	}
	protocols = slices.Clone(protocols)
	return func(s *settings) { s.subprotocols = protocols }
}

// WithCompression lets the server compress its messages with permessage-deflate. It takes about 75 KiB for each
// connection on which the server does so. Messages to the server are not compressed. Default: no compression.
func WithCompression() Option { return func(s *settings) { s.compression = true } }

// WithConnectTimeout bounds the time from the start of an attempt until the functions of [WithOnConnect] have returned.
// After that the attempt fails with [ErrConnectTimeout] as its reason. Default: 30s, or the Timeout of the client of
// [WithHTTPClient]. 0 means no limit.
func WithConnectTimeout(d time.Duration) Option {
	notNegative("websocket.WithConnectTimeout", "d", d)
	return func(s *settings) { s.connectTimeout = d }
}

// WithIdleTimeout drops a connection, with [ErrIdleTimeout] as the reason, when the run has waited for d without a single
// byte of a frame. Pings of the server count, the time in which emit blocks does not. Default: 0, which means no limit.
func WithIdleTimeout(d time.Duration) Option {
	notNegative("websocket.WithIdleTimeout", "d", d)
	return func(s *settings) { s.idle = d }
}

// WithPing sends a ping when the run has waited for every without a single byte of a frame, and drops the connection,
// with [ErrPingTimeout] as the reason, when nothing has come within another time within, or when the ping could not be
// sent within 5s. The time in which emit blocks does not count. Use it if the server is silent for long. If the server
// sends pings or messages of its own, [WithIdleTimeout] with a time longer than its habit finds a dead connection as
// well. Default: no pings.
func WithPing(every, within time.Duration) Option {
	positive("websocket.WithPing", "every", every)
	positive("websocket.WithPing", "within", within)
	return func(s *settings) { s.pingEvery, s.pingWithin = every, within }
}

// WithMaxMessageBytes bounds the size of a message, in bytes, after decompression. At a longer message the stream fails
// with a [*MessageTooLargeError]. Default: 16 MiB.
func WithMaxMessageBytes(n int) Option {
	positive("websocket.WithMaxMessageBytes", "n", n)
	return func(s *settings) { s.maxMessageBytes = n }
}

// WithRetry sets the policy by which the run reconnects. An attempt succeeds when the functions of [WithOnConnect] have
// returned. A Retryable of nil is the function [Retryable]. Default: retry.Policy{}.
func WithRetry(policy retry.Policy) Option {
	policy.Check("websocket.WithRetry")
	return func(s *settings) { s.connection.Policy = policy }
}

// WithCompleteOnClose completes the stream when the server closes the connection with the code 1000. Default: the run
// reconnects, as many servers use this code to end a connection that has lasted long enough.
func WithCompleteOnClose() Option { return func(s *settings) { s.completeOnClose = true } }

// WithDecoder decodes messages with unmarshal, unless T is string or []byte. v is a *T to a zero T. unmarshal must not
// keep data, nor let v alias it. It also decodes what [Conn.Receive] receives. Its error is the reason of a
// [*ParseError]. Default: [json.Unmarshal].
func WithDecoder(unmarshal func(data []byte, v any) error) Option {
	if unmarshal == nil {
		panic("websocket.WithDecoder: nil unmarshal")
	}
	return func(s *settings) { s.decode = unmarshal }
}

// WithLogger logs to logger: a warning for a connection that is lost or cannot be made, and again every minute while
// attempts fail. The attempts in between are logged at the level Debug. Default: [slog.Default] at the time.
func WithLogger(logger *slog.Logger) Option {
	if logger == nil {
		panic("websocket.WithLogger: nil logger")
	}
	return func(s *settings) { s.connection.Logger = logger }
}

// WithOnOpen calls hook when a connection is open: after the functions of [WithOnConnect]. The response is the server's
// answer to the handshake, without a body.
func WithOnOpen(hook func(*http.Response)) Option {
	if hook == nil {
		panic("websocket.WithOnOpen: nil hook")
	}
	return func(s *settings) { s.onOpen = append(s.onOpen, hook) }
}

// WithOnRetry calls hook before each wait for another attempt, with the reason, the number of attempts that have failed
// in a row, from 1, and the delay until the next one.
func WithOnRetry(hook func(err error, attempt int, delay time.Duration)) Option {
	if hook == nil {
		panic("websocket.WithOnRetry: nil hook")
	}
	return func(s *settings) { s.connection.OnRetry = append(s.connection.OnRetry, hook) }
}

// WithOnStateChange calls hook at every change of the state: [Connecting] when the run begins, [Open] and Connecting as
// connections are made and lost, [Closed] when the run is about to return.
func WithOnStateChange(hook func(State)) Option {
	if hook == nil {
		panic("websocket.WithOnStateChange: nil hook")
	}
	return func(s *settings) {
		s.connection.OnState = append(s.connection.OnState, func(state connect.State) { hook(State(state)) })
	}
}

// WithOnParseError calls hook with every message that cannot be decoded; the stream continues without it. Without this
// option, the stream fails with the error. The error belongs to hook.
func WithOnParseError(hook func(*ParseError)) Option {
	if hook == nil {
		panic("websocket.WithOnParseError: nil hook")
	}
	return func(s *settings) { s.onParseError = append(s.onParseError, hook) }
}

func notNegative(function, name string, d time.Duration) {
	if d < 0 {
		panic(fmt.Sprintf("%s: %s is %v, it must not be negative", function, name, d))
	}
}

func positive[N int | time.Duration](function, name string, value N) {
	if value <= 0 {
		panic(fmt.Sprintf("%s: %s is %v, it must be positive", function, name, value))
	}
}
