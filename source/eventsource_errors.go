package source

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/rivulet-go/rivulet/internal/connect"
)

// kind names the sources of this package that connect, in errors and log lines.
const kind = "event source"

var (
	// ErrIdleTimeout is the reason of a [*ConnectionError]: no byte has come within the time of [WithIdleTimeout].
	ErrIdleTimeout = errors.New("rivulet: event source: no byte within the idle timeout")

	// ErrConnectTimeout is the reason of a [*ConnectionError]: the headers of the answer have not come within the time
	// of [WithConnectTimeout].
	ErrConnectTimeout = errors.New("rivulet: event source: no answer within the connect timeout")
)

// ConnectionError reports that a connection could not be made or has ended. errors.Is finds io.EOF if the server has
// ended the body, [ErrConnectTimeout] or [ErrIdleTimeout] after these timeouts, and otherwise the error of the network.
type ConnectionError struct {
	URL string // of the event source, without user, password, query and fragment
	Err error  // its text has no secret of a URL
}

func (e *ConnectionError) Error() string { return connect.Text(kind, e.URL, e.Err.Error()) }

// Unwrap returns the reason.
func (e *ConnectionError) Unwrap() error { return e.Err }

// ParseError reports that the data of an event could not be decoded.
type ParseError struct {
	URL  string // of the event source, without user, password, query and fragment; empty for FromEventStream
	ID   string // the last event ID when the event was dispatched
	Type string // the event type
	Data []byte // a copy of the data
	Err  error  // the error of the decoder
}

func (e *ParseError) Error() string {
	return connect.Text(kind, e.URL, fmt.Sprintf("decoding the %d bytes of a %q event with ID %q: %v",
		len(e.Data), shortened(e.Type), shortened(e.ID), e.Err))
}

// Unwrap returns the error of the decoder.
func (e *ParseError) Unwrap() error { return e.Err }

// EventTooLargeError reports that the data of an event, or a line, is longer than [WithMaxEventBytes] allows.
type EventTooLargeError struct {
	URL   string // of the event source, without user, password, query and fragment; empty for FromEventStream
	Limit int    // in bytes
}

func (e *EventTooLargeError) Error() string {
	return connect.Text(kind, e.URL, fmt.Sprintf("an event or a line is longer than the limit of %d bytes", e.Limit))
}

// ContentTypeError reports that the answer is not an event stream, or that its content coding is not supported.
type ContentTypeError struct {
	URL             string // of the event source, without user, password, query and fragment
	ContentType     string // the header Content-Type, several values joined by commas; at most 1 KiB of it
	ContentEncoding string // the header Content-Encoding, if that is the reason; at most 1 KiB of it
	Body            []byte // the first 4 KiB of the body, or less
}

func (e *ContentTypeError) Error() string {
	reason := fmt.Sprintf("the content type is %q, not text/event-stream", shortened(e.ContentType))
	if e.ContentEncoding != "" {
		reason = fmt.Sprintf("unsupported Content-Encoding %q", shortened(e.ContentEncoding))
	}
	return connect.Text(kind, e.URL, reason)
}

// StatusError reports that the server has answered with a status other than 200 and 204.
type StatusError struct {
	URL    string // of the event source, without user, password, query and fragment
	Code   int
	Header http.Header
	Body   []byte // the first 4 KiB of the body, or less
}

func (e *StatusError) Error() string {
	return connect.Text(kind, e.URL, fmt.Sprintf("the server answered %d %s", e.Code, http.StatusText(e.Code)))
}

// RequestError reports that no request can be made: the URL, the method, a header or the last event ID is not valid, or
// the function of [WithRequest] has failed. It is never retried.
type RequestError struct {
	URL string // of the event source, without user, password, query and fragment
	Err error  // its text has no secret of a URL
}

func (e *RequestError) Error() string {
	return connect.Text(kind, e.URL, fmt.Sprintf("no request can be made: %v", e.Err))
}

// Unwrap returns the reason.
func (e *RequestError) Unwrap() error { return e.Err }

// RedirectError reports that a redirect was not followed: it was the eleventh in a row, leads away from HTTP, or was
// refused by the CheckRedirect of the client of [WithHTTPClient].
type RedirectError struct {
	URL      string // of the event source, without user, password, query and fragment
	Location string // where the redirect leads, without the same parts
	Err      error  // the error of CheckRedirect; nil if that was not called
}

func (e *RedirectError) Error() string {
	reason := fmt.Sprintf("the redirect to %q is beyond the limit of %d, or leads away from HTTP",
		e.Location, maxRedirects)
	if e.Err != nil {
		reason = fmt.Sprintf("the redirect to %q was refused: %v", e.Location, e.Err)
	}
	return connect.Text(kind, e.URL, reason)
}

// Unwrap returns the error of CheckRedirect.
func (e *RedirectError) Unwrap() error { return e.Err }

// shortened returns the first 100 bytes of a text that a server has sent, for a text that has others too.
func shortened(text string) string { return cut(text, 100) }

// cut returns the first bytes of text, limit at most, and whether that is not all by an ellipsis.
func cut(text string, limit int) string {
	if len(text) <= limit {
		return text
	}
	return text[:limit] + "..."
}
