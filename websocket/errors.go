package websocket

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/rivulet-go/rivulet/internal/connect"
)

// kind names the source in errors and log lines.
const kind = "websocket"

var (
	// ErrConnectTimeout is the reason of a [*ConnectionError]: the handshake and the functions of [WithOnConnect] have
	// taken longer than [WithConnectTimeout] allows.
	ErrConnectTimeout = errors.New("rivulet: websocket: not connected within the connect timeout")

	// ErrIdleTimeout is the reason of a [*ConnectionError]: nothing has come within the time of [WithIdleTimeout].
	ErrIdleTimeout = errors.New("rivulet: websocket: nothing has come within the idle timeout")

	// ErrPingTimeout is the reason of a [*ConnectionError]: nothing has come within the time of [WithPing] after a ping.
	ErrPingTimeout = errors.New("rivulet: websocket: no answer to a ping")
)

// ConnectionError reports that a connection could not be made or was lost. errors.Is finds [ErrConnectTimeout],
// [ErrIdleTimeout] or [ErrPingTimeout] after these timeouts, io.EOF if the server has ended the connection without a
// close frame, and otherwise the error of the network or that of a function of [WithOnConnect]. errors.As finds a
// [*SendError] if a command could not be sent.
type ConnectionError struct {
	URL string // of the WebSocket, without user, password, query and fragment
	Err error  // its text has no secret of a URL
}

func (e *ConnectionError) Error() string { return connect.Text(kind, e.URL, e.Err.Error()) }

// Unwrap returns the reason.
func (e *ConnectionError) Unwrap() error { return e.Err }

// CloseError reports that the server has closed the connection with a close frame.
type CloseError struct {
	URL    string // of the WebSocket, without user, password, query and fragment
	Code   int    // of RFC 6455, section 7.4; 1005 if the server has sent none
	Reason string // as the server has sent it, up to 123 bytes
}

func (e *CloseError) Error() string {
	reason := fmt.Sprintf("the server has closed the connection with code %d", e.Code)
	if e.Reason != "" {
		reason += fmt.Sprintf(": %q", e.Reason)
	}
	return connect.Text(kind, e.URL, reason)
}

// StatusError reports that the server has answered the handshake with a status other than 101. A redirect is such a
// status, as it is not followed.
type StatusError struct {
	URL    string // of the WebSocket, without user, password, query and fragment
	Code   int
	Header http.Header
	Body   []byte // the first 4 KiB of the body, or less
}

func (e *StatusError) Error() string {
	return connect.Text(kind, e.URL, fmt.Sprintf("the server answered %d %s", e.Code, http.StatusText(e.Code)))
}

// HandshakeError reports that the server has answered with the status 101, but not as the protocol demands: a header is
// missing or wrong, or it has chosen none of the protocols of [WithSubprotocols], or an extension that was not asked for.
type HandshakeError struct {
	URL string // of the WebSocket, without user, password, query and fragment
	Err error
}

func (e *HandshakeError) Error() string {
	return connect.Text(kind, e.URL, fmt.Sprintf("the handshake failed: %v", e.Err))
}

// Unwrap returns the reason.
func (e *HandshakeError) Unwrap() error { return e.Err }

// RequestError reports that no request can be made: the URL or a header is not valid, or the function of [WithRequest]
// has failed. It is never retried.
type RequestError struct {
	URL string // of the WebSocket, without user, password, query and fragment
	Err error  // its text has no secret of a URL
}

func (e *RequestError) Error() string {
	return connect.Text(kind, e.URL, fmt.Sprintf("no request can be made: %v", e.Err))
}

// Unwrap returns the reason.
func (e *RequestError) Unwrap() error { return e.Err }

// ParseError reports that a message could not be decoded. It is never retried.
type ParseError struct {
	URL        string // of the WebSocket, without user, password, query and fragment
	Connection int    // as in [Event]
	Binary     bool   // as in [Event]
	Data       []byte // a copy of the message
	Err        error  // the error of the decoder
}

func (e *ParseError) Error() string {
	return connect.Text(kind, e.URL, fmt.Sprintf("decoding a message of %d bytes: %v", len(e.Data), e.Err))
}

// Unwrap returns the error of the decoder.
func (e *ParseError) Unwrap() error { return e.Err }

// MessageTooLargeError reports that a message is longer than [WithMaxMessageBytes] allows. It is never retried.
type MessageTooLargeError struct {
	URL   string // of the WebSocket, without user, password, query and fragment
	Limit int    // in bytes
}

func (e *MessageTooLargeError) Error() string {
	return connect.Text(kind, e.URL, fmt.Sprintf("a message is longer than the limit of %d bytes", e.Limit))
}

// SendError reports that a command of [WithCommands] may not have reached the server, because the connection was lost
// while it was sent. It is the reason of the [*ConnectionError] of that connection, or one of two.
type SendError struct {
	URL     string // of the WebSocket, without user, password, query and fragment
	Command any    // as the stream of commands has emitted it
	Err     error  // its text has no secret of a URL
}

// Error does not show the command, which may be a secret.
func (e *SendError) Error() string {
	return connect.Text(kind, e.URL, fmt.Sprintf("sending a command of type %T: %v", e.Command, e.Err))
}

// Unwrap returns the error of the network.
func (e *SendError) Unwrap() error { return e.Err }

// CommandError reports that a command of [WithCommands], or the message of [WithSubscribe], cannot be encoded. It is
// never retried.
type CommandError struct {
	URL     string // of the WebSocket, without user, password, query and fragment
	Command any
	Err     error // the error of encoding/json
}

// Error does not show the command, which may be a secret.
func (e *CommandError) Error() string {
	return connect.Text(kind, e.URL, fmt.Sprintf("encoding a command of type %T: %v", e.Command, e.Err))
}

// Unwrap returns the error of the encoder.
func (e *CommandError) Unwrap() error { return e.Err }
