package websocket

import (
	"context"
	"errors"
	"unicode/utf8"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/operators"
)

// Event is a message of a WebSocket.
type Event[T any] struct {
	// Connection is the number of the connection that the message came over: 1 for the first one of the run, then 2, and so
	// on. If it is greater than that of the event before, messages may be missing between the two.
	Connection int
	// Binary reports whether this is a binary message rather than a text message.
	Binary bool
	Data   T
}

// Data returns the data of an event. It is a function for operators.Map.
func Data[T any](e Event[T]) T { return e.Data }

// From emits the messages of the WebSocket at url, whose scheme is ws, wss, http or https. It connects when it is run,
// reconnects when the connection is lost, and disconnects when the run ends.
//
// T decides the decoding. A string or a []byte, which the receiver may keep, gets the message as it is; for a string,
// the message must be valid UTF-8. Every other type, including one that is defined in terms of those, is decoded as
// JSON: see [WithDecoder].
//
// # Reconnecting
//
// The run reconnects after an error of the network, after the close codes 1000, 1001, 1005 (none), 1006 (no close frame)
// and 1011 to 1014, and after the statuses 408, 425, 429, 500, 502, 503 and 504 of the handshake, whose Retry-After it
// obeys: see [WithRetry] and [Retryable]. The stream completes at the close code 1000 if [WithCompleteOnClose] is given.
// It fails with
//   - [*CloseError]: the server has closed the connection with another code,
//   - [*StatusError]: the server has answered the handshake with another status than 101,
//   - [*HandshakeError]: its answer is not that of a WebSocket, or it does not speak the protocols of [WithSubprotocols],
//   - [*ParseError]: a message could not be decoded, unless [WithOnParseError] is given,
//   - [*MessageTooLargeError]: a message is longer than [WithMaxMessageBytes] allows,
//   - [*RequestError]: no request can be made, for example because the url is malformed or [WithRequest] has failed,
//   - [*ConnectionError]: a function of [WithOnConnect] has failed with a [Permanent] error,
//   - [*CommandError]: a command of [WithCommands] cannot be encoded, or the error of the stream of commands,
//   - [*retry.Error]: as many attempts as the policy allows have failed.
//
// # Gaps
//
// A WebSocket has no place to resume from: what the server sends between two connections is lost. Subscribe again after
// every connect with [WithOnConnect] or [WithSubscribe], and use Event.Connection to see that there was a gap and to
// fetch what is missing.
//
// # Goroutines and buffers
//
// The run reads the connection on its subscriber's goroutine. It starts no goroutine that lasts, except for one if
// [WithCommands] is given, and it buffers one message and up to 4 KiB of what follows. While emit blocks, nothing is
// read: the server is held up, its pings are not answered, and a server that expects an answer disconnects. Put
// operators.ObserveOn behind a From whose consumer may take longer than that.
//
// When the run ends while it is connected, it sends a close frame and waits for at most a second for that of the server.
func From[T any](url string, opts ...Option) observable.Observable[Event[T]] {
	s := newSettings(opts)
	return func(ctx context.Context, emit func(Event[T]) bool) error {
		r := s.newRun(url)
		messages := func(ctx context.Context, emit func(Event[T]) bool) error { return runWith(ctx, r, emit) }
		if s.commands == nil {
			return messages(ctx, emit)
		}
		// To TakeUntil the commands are a notifier that never notifies: they end with the messages, and end them if they fail.
		return operators.TakeUntil(messages, r.sending())(ctx, emit)
	}
}

// runWith runs the attempts with an emit for decoded messages.
func runWith[T any](ctx context.Context, r *run, emit func(Event[T]) bool) error {
	decode := decoderOf[T](r.decode)
	r.deliver = func(ctx context.Context, m message) (more bool, err error) {
		data, err := decode(m.data)
		if err != nil || ctx.Err() != nil {
			return true, err
		}
		return emit(Event[T]{Connection: m.connection, Binary: m.binary, Data: data}), nil
	}
	return r.attempts.Run(ctx, r.attempt)
}

// message is a message as it came. Its data is valid until the next one is read.
type message struct {
	connection int
	binary     bool
	data       []byte
}

// errNotUTF8 is the reason of a ParseError.
var errNotUTF8 = errors.New("the message is not valid UTF-8")

// decoderOf returns a function that decodes messages into a fresh T, one call after the other.
func decoderOf[T any](unmarshal func(data []byte, v any) error) func(data []byte) (T, error) {
	target := new(T) // of all messages, as it escapes to unmarshal
	return func(data []byte) (decoded T, err error) {
		var zero T
		err = decode(data, target, unmarshal)
		decoded, *target = *target, zero // it must not keep the message
		return decoded, err
	}
}

// decode decodes data into the value that v points to.
func decode(data []byte, v any, unmarshal func(data []byte, v any) error) error {
	switch p := v.(type) {
	case *string:
		if !utf8.Valid(data) {
			return errNotUTF8
		}
		*p = string(data)
	case *[]byte:
		*p = append([]byte{}, data...)
	default:
		return unmarshal(data, v)
	}
	return nil
}
