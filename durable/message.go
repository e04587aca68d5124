package durable

import (
	"strconv"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
)

// Message is one message of a stream.
type Message[T any] struct {
	Incarnation string // names the stream, up to its deletion
	Seq         uint64 // the message's sequence in the stream
	Subject     string
	Time        time.Time // when the server stored the message
	Header      nats.Header
	Data        T
}

// Cursor returns the position of the message as text: the incarnation and the sequence, at most 34 characters of
// letters, digits and "-". [WithCursor] resumes after it.
func (m Message[T]) Cursor() string { return cursor(m.Incarnation, m.Seq) }

// Data returns the data of a message, for operators.Map.
func Data[T any](m Message[T]) T { return m.Data }

func cursor(incarnation string, seq uint64) string {
	return incarnation + "-" + strconv.FormatUint(seq, 10)
}

// parseCursor is the inverse of cursor.
func parseCursor(text string) (incarnation string, seq uint64, err error) {
	incarnation, digits, _ := strings.Cut(text, "-")
	seq, err = strconv.ParseUint(digits, 10, 64)
	if _, notBase36 := strconv.ParseInt(incarnation, 36, 64); err != nil || notBase36 != nil ||
		seq == 0 || cursor(incarnation, seq) != text {
		return "", 0, &CursorError{Cursor: text}
	}
	return incarnation, seq, nil
}

// incarnationOf names a stream by the time at which it was created, which a restart of the server does not change.
func incarnationOf(created time.Time) string { return strconv.FormatInt(created.UnixNano(), 36) }

// decoderOf returns a function that decodes data into a new T. A T that is string or []byte gets the data as it is.
func decoderOf[T any](unmarshal func(data []byte, v any) error) func(data []byte) (T, error) {
	var zero T
	switch any(zero).(type) {
	case string:
		return func(data []byte) (T, error) { return any(string(data)).(T), nil }
	case []byte:
		return func(data []byte) (T, error) { return any(data).(T), nil } // the client makes a slice for each message
	}
	return func(data []byte) (T, error) {
		var v T
		err := unmarshal(data, &v)
		return v, err
	}
}

// encode is the default of [WithEncoder].
func encode(marshal func(v any) ([]byte, error), v any) ([]byte, error) {
	switch v := v.(type) {
	case string:
		return []byte(v), nil
	case []byte:
		return v, nil
	}
	return marshal(v)
}
