package source

import (
	"context"

	"github.com/rivulet-go/rivulet/internal/sse"
	"github.com/rivulet-go/rivulet/observable"
)

// Event is one event of a Server-Sent Events stream.
type Event[T any] struct {
	ID   string // the last event ID of the stream when the event was dispatched; empty if there was none
	Type string // the event type; "message" if the server names none
	Data T
}

// Data returns the data of an event. It suits operators.Map.
func Data[T any](e Event[T]) T { return e.Data }

// FromEventSource emits the events of the Server-Sent Events stream at url. It reads them as the WHATWG HTML standard
// says, section "Server-sent events". It connects when it is run, reconnects when the connection is lost, and
// disconnects when the run ends.
//
// T decides how the data of an event is decoded. If T is string or []byte, the event has the data as it is, and may
// keep it; an invalid UTF-8 sequence becomes U+FFFD. Every other T, also a named string type, is decoded as JSON: see
// [WithDecoder].
//
// By default FromEventSource reconnects after every error of the network, after the end of the body, and after the
// statuses 408, 425, 429, 500, 502, 503 and 504: see [WithRetry]. It resumes after the last event ID, unless HTTP
// cannot carry that: an ID is not sent if it has more than 4 KiB, a control character other than a tab, or only spaces.
//
// A reconnection asks url again, also after a redirect. By the standard it would ask the URL to which it was
// redirected. That URL may be a server that has just gone away, or may have expired; and at another origin the request
// would be without the caller's headers.
//
// The stream completes when the server answers 204, at the event of [WithDone], and with [WithCompleteOnEOF] at the end
// of the body. It fails with
//   - [*ParseError]: the data of an event could not be decoded, unless [WithOnParseError] is given,
//   - [*EventTooLargeError]: an event or a line is longer than [WithMaxEventBytes],
//   - [*RequestError]: no request can be made, for example because url is malformed,
//   - [*ContentTypeError]: the answer is not an event stream,
//   - [*StatusError]: the answer has a status other than 200 and 204,
//   - [*RedirectError]: more than 10 redirects in a row, one away from HTTP, or one that CheckRedirect has refused,
//   - [*ConnectionError]: a connection failed that the policy does not retry,
//   - [*retry.Error]: as many attempts as the policy allows have failed; it wraps the error of the last one.
//
// All of these except retry.Error have the URL in a field and in their text, without user, password, query and
// fragment.
//
// FromEventSource starts no goroutine except those of net/http. It reads on the goroutine of the run, and buffers the
// event that it reads and 4 KiB or more of what follows. While emit blocks, nothing is read. When the run returns, its
// connections are closed, except those that the client of [WithHTTPClient] keeps, and a name lookup that is under way,
// which ends by itself when it times out.
func FromEventSource[T any](url string, opts ...Option) observable.Observable[Event[T]] {
	settings := newSettings("source.FromEventSource", opts)
	return func(ctx context.Context, emit func(Event[T]) bool) error {
		return runEventSource(ctx, url, settings, delivering(ctx, settings, emit))
	}
}

// delivering returns a function that decodes and emits one event after the other.
func delivering[T any](ctx context.Context, s *settings, emit func(Event[T]) bool) deliverFunc {
	decode := decoderOf[T](s.decode)
	return func(e *sse.Event) (bool, error) {
		data, err := decode(e.Data)
		switch {
		case ctx.Err() != nil:
			return false, errNotHandled
		case err != nil:
			return true, err
		}
		return emit(Event[T]{ID: e.ID, Type: e.Type, Data: data}), nil
	}
}

// decoderOf returns a function that decodes data into a fresh T. It is not for concurrent use.
func decoderOf[T any](unmarshal func(data []byte, v any) error) func(data []byte) (T, error) {
	var target, zero T
	switch p := any(&target).(type) {
	case *string:
		unmarshal = func(data []byte, _ any) error {
			*p = string(data)
			return nil
		}
	case *[]byte:
		unmarshal = func(data []byte, _ any) error {
			*p = append([]byte{}, data...)
			return nil
		}
	}
	return func(data []byte) (T, error) {
		target = zero
		err := unmarshal(data, &target)
		return target, err
	}
}
