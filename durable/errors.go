package durable

import (
	"errors"
	"fmt"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

var (
	// ErrConnectTimeout is the failure of an attempt that took longer than [WithConnectTimeout].
	ErrConnectTimeout = errors.New("rivulet: durable: no answer within the connect timeout")

	// ErrIdleTimeout is the failure of an attempt in which the server sent nothing for the time of [WithIdleTimeout].
	ErrIdleTimeout = errors.New("rivulet: durable: the server sent nothing within the idle timeout")

	// ErrStaleJob is the error of acknowledging a [Job] whose stream was deleted and created again since.
	ErrStaleJob = errors.New("rivulet: durable: the stream of the job was created again since")

	// ErrDuplicateWindow is the failure of [Publish] when messages were not acknowledged for longer than the
	// stream's duplicates window, so that storing them again might store them twice.
	ErrDuplicateWindow = errors.New("rivulet: durable: not acknowledged within the stream's duplicates window")

	// ErrAckTimeout is the failure of an attempt in which a message was not acknowledged within [WithAckTimeout].
	ErrAckTimeout = errors.New("rivulet: durable: not acknowledged within the timeout")

	// ErrOtherWriter is the failure of [Publish] with [WithExpectLastSequence] when the stream holds a message that
	// another writer stored.
	ErrOtherWriter = errors.New("rivulet: durable: another writer stored a message in the stream")

	errDisconnected = errors.New("rivulet: durable: the connection is lost")
	errOutOfStep    = errors.New("rivulet: durable: a message from the server is missing")
	errDone         = errors.New("rivulet: durable: emit has returned false")
)

// GapError reports that messages a reader wanted are not in the stream: the stream was deleted and created again, or
// its limits, a purge or a lost disk removed them.
type GapError struct {
	Stream    string
	Wanted    uint64 // the sequence that the reader wanted next; 0 if it had none yet
	First     uint64 // the first sequence in the stream
	Last      uint64 // the last sequence in the stream; less than First if the stream is empty
	Recreated bool   // the stream was deleted and created again, so Wanted belongs to an earlier one
}

func (e *GapError) Error() string {
	reason := "removed"
	if e.Recreated {
		reason = "lost, because the stream was created again"
	}
	return fmt.Sprintf("rivulet: durable: stream %q: messages from sequence %d on were %s; it has %d to %d",
		e.Stream, e.Wanted, reason, e.First, e.Last)
}

// ParseError reports that the data of a message could not be decoded.
type ParseError struct {
	Stream  string
	Subject string
	Cursor  string // the position of the message
	Data    []byte // a copy
	Err     error  // the decoder's error
}

func (e *ParseError) Error() string {
	return fmt.Sprintf("rivulet: durable: stream %q: decoding the %d bytes of message %s on %q: %v",
		e.Stream, len(e.Data), e.Cursor, e.Subject, e.Err)
}

// Unwrap returns the decoder's error.
func (e *ParseError) Unwrap() error { return e.Err }

// CursorError reports that a text is not a position of [Message.Cursor].
type CursorError struct {
	Cursor string
}

func (e *CursorError) Error() string {
	return fmt.Sprintf("rivulet: durable: %.64q is not a cursor of a message", e.Cursor)
}

// EncodeError reports that an item could not be encoded.
type EncodeError struct {
	Err error // the encoder's error
}

func (e *EncodeError) Error() string {
	return fmt.Sprintf("rivulet: durable: encoding an item: %v", e.Err)
}

// Unwrap returns the encoder's error.
func (e *EncodeError) Unwrap() error { return e.Err }

// StatusError reports that the server ended a request for messages, for example because a consumer was deleted.
type StatusError struct {
	Code        string // such as "409"
	Description string // such as "Consumer Deleted"
}

func (e *StatusError) Error() string {
	return fmt.Sprintf("rivulet: durable: the server answered %s %s", e.Code, e.Description)
}

// Retryable reports whether an error is expected to pass. It is the default of a [retry.Policy] in this package.
// It is true for all errors except a closed connection, a missing permission, and a request that the server refuses
// with a status below 500. A stream or a consumer that does not exist may be created again, so that error is true.
func Retryable(err error) bool {
	if api, ok := errors.AsType[*jetstream.APIError](err); ok {
		return api.Code >= 500 || api.Code == 404 || api.ErrorCode == tooManyConsumers
	}
	for _, permanent := range []error{
		nats.ErrConnectionClosed, nats.ErrConnectionDraining, nats.ErrPermissionViolation, nats.ErrAuthorization,
		nats.ErrMaxPayload, nats.ErrBadSubject, jetstream.ErrInvalidSubject, jetstream.ErrInvalidStreamName,
	} {
		if errors.Is(err, permanent) {
			return false
		}
	}
	return true
}

// Codes of errors of the server that have no name in the client.
const (
	tooManyConsumers  = 10026
	wrongLastSequence = 10071
)

// final reports whether err ends a run whatever the policy says.
func final(err error) bool {
	_, isGap := errors.AsType[*GapError](err)
	_, isParse := errors.AsType[*ParseError](err)
	_, isCursor := errors.AsType[*CursorError](err)
	_, isEncode := errors.AsType[*EncodeError](err)
	return isGap || isParse || isEncode || isCursor || errors.Is(err, ErrDuplicateWindow) || errors.Is(err, ErrOtherWriter)
}
