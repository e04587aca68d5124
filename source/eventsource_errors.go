package source

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/rivulet-go/rivulet/internal/redact"
)

var (
	// ErrIdleTimeout is why a connection was dropped on which no byte has come for the time of [WithIdleTimeout].
	ErrIdleTimeout = errors.New("rivulet: event source: nothing has come within the idle timeout")

	// ErrConnectTimeout is why an attempt was given up that had no answer within the time of [WithConnectTimeout].
	ErrConnectTimeout = errors.New("rivulet: event source: no answer within the connect timeout")
)

// ParseError says that the data of an event does not decode.
type ParseError struct {
	ID   string // the last event ID when the event was dispatched
	Type string // the event type
	Data []byte // the data as it came, a copy
	Err  error  // what the decoder said
}

func (e *ParseError) Error() string {
	return fmt.Sprintf("rivulet: event source: decoding the %d bytes of a %q event, ID %q: %v",
		len(e.Data), e.Type, e.ID, e.Err)
}

// Unwrap returns the error of the decoder.
func (e *ParseError) Unwrap() error { return e.Err }

// EventTooLargeError says that the data of an event, or a line, is longer than [WithMaxEventBytes] allows.
type EventTooLargeError struct {
	Limit int // in bytes
}

func (e *EventTooLargeError) Error() string {
	return fmt.Sprintf("rivulet: event source: an event or a line is longer than the limit of %d bytes", e.Limit)
}

// ContentTypeError says that the answer is not an event stream.
type ContentTypeError struct {
	ContentType     string // the header Content-Type, which should be text/event-stream; several are joined by commas
	ContentEncoding string // the header Content-Encoding, if it names a compression that is not gzip
}

func (e *ContentTypeError) Error() string {
	if e.ContentEncoding != "" {
		return fmt.Sprintf("rivulet: event source: the answer is encoded as %q, not asked for", e.ContentEncoding)
	}
	return fmt.Sprintf("rivulet: event source: the answer is %q, not text/event-stream", e.ContentType)
}

// StatusError says that the server answered with a status that is neither 200 nor 204.
type StatusError struct {
	Code   int
	Header http.Header
	Body   []byte // its first 4 KiB at most
}

func (e *StatusError) Error() string {
	return fmt.Sprintf("rivulet: event source: the server answered %d %s", e.Code, http.StatusText(e.Code))
}

// RequestError says that no request can be made: the URL is malformed or not one of http and https, the method or a
// header is not a legal one, or the function of [WithRequest] failed. It is never retried.
type RequestError struct {
	URL string // as it was given; Error leaves out what in it may be a secret
	Err error
}

func (e *RequestError) Error() string {
	return fmt.Sprintf("rivulet: event source: no request to %q can be made: %v",
		redact.URL(e.URL), redact.Error(e.Err))
}

// Unwrap returns what is wrong with the request.
func (e *RequestError) Unwrap() error { return e.Err }

// RedirectError says that a redirect was not followed: it was the eleventh in a row, leads away from HTTP, or the
// CheckRedirect of the client of [WithHTTPClient] refused it.
type RedirectError struct {
	URL string // where it leads
	Err error  // what CheckRedirect said; nil if it was not asked
}

func (e *RedirectError) Error() string {
	if e.Err != nil {
		return fmt.Sprintf("rivulet: event source: the redirect to %q was refused: %v", e.URL, e.Err)
	}
	return fmt.Sprintf("rivulet: event source: the redirect to %q is beyond the limit, or leads away from HTTP", e.URL)
}

// Unwrap returns what CheckRedirect said.
func (e *RedirectError) Unwrap() error { return e.Err }
