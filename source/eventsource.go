package source

import (
	"context"

	"github.com/rivulet-go/rivulet/internal/sse"
	"github.com/rivulet-go/rivulet/observable"
)

// Event is one event of a Server-Sent Events stream.
type Event[T any] struct {
	ID   string // the last event ID of the stream when the event was dispatched; "" when there was none
	Type string // the event type, "message" when the server names none
	Data T
}

// Data is the data of an event, for operators.Map.
func Data[T any](e Event[T]) T { return e.Data }

// FromEventSource emits the events of the Server-Sent Events stream at url, as the WHATWG HTML standard, section
// "Server-sent events", reads them. It connects when it is run, connects again when the connection is lost, and
// disconnects when the run ends.
//
// T decides the decoding: a string or a []byte, which the receiver may keep, gets the data as it is, with every
// invalid byte sequence replaced by U+FFFD; all else, types named by a program included, is decoded as JSON, see
// [WithDecoder].
//
// By default, every error of the network, the end of the body and the statuses 408, 425, 429, 500, 502, 503 and 504
// lead to another attempt, see [WithRetry]. The stream completes when the server answers 204 and where [WithDone] or
// [WithCompleteOnEOF] say so. It fails with
//   - [*ParseError]: data that does not decode, unless [WithOnParseError] takes it,
//   - [*EventTooLargeError]: an event or a line beyond [WithMaxEventBytes],
//   - [*RequestError]: no request can be made, as with a malformed url or an error from [WithRequest],
//   - [*ContentTypeError]: an answer that is not an event stream,
//   - [*StatusError]: an answer of another status than 200 and 204,
//   - [*RedirectError]: more than 10 redirects in a row, one away from HTTP, or one that CheckRedirect refuses,
//   - the error of the last attempt, when as many as MaxAttempts of the [RetryPolicy] have failed.
//
// The run reads the connection on its subscriber's goroutine. It starts no goroutine beside those of net/http, and
// holds the data of the event that it reads and 4 KiB or more of what follows. While emit blocks, nothing is read.
// When the run returns, its connections are closed, but those that the client of [WithHTTPClient] keeps for later.
func FromEventSource[T any](url string, opts ...Option) observable.Observable[Event[T]] {
	settings := newSettings(opts)
	return func(ctx context.Context, emit func(Event[T]) bool) error {
		decode := decoderOf[T](settings.decode)
		return runEventSource(ctx, url, settings, func(e *sse.Event) (bool, error) {
			data, err := decode(e.Data)
			switch {
			case ctx.Err() != nil:
				return false, errNotHandled
			case err != nil:
				return true, err
			}
			return emit(Event[T]{ID: e.ID, Type: e.Type, Data: data}), nil
		})
	}
}

// decoderOf returns a function that decodes data into a fresh T, one call after the other.
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
