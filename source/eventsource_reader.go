package source

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/rivulet-go/rivulet/internal/connect"
	"github.com/rivulet-go/rivulet/internal/sse"
)

// errEnded is the reason of a ConnectionError after the clean end of a body.
var errEnded = fmt.Errorf("the server has ended the stream: %w", io.EOF)

// errStreamDone is returned by handle when the stream is complete or was stopped.
var errStreamDone = errors.New("rivulet: event source: the stream is done")

// errNotHandled is returned by deliver when the run was canceled before the event was emitted.
var errNotHandled = errors.New("rivulet: event source: canceled before the event was handled")

// eventReader emits the events of one body after the other. It is what FromEventSource and FromEventStream share.
type eventReader struct {
	*settings
	url     string       // for errors, without secrets
	decoder *sse.Decoder // keeps the last event ID and the reconnection time from one body to the next
	deliver deliverFunc
	emitted bool // an event was
}

// deliverFunc decodes and emits an event. The error is errNotHandled or that of the decoder of the data.
type deliverFunc func(*sse.Event) (more bool, err error)

func newEventReader(url string, s *settings, deliver deliverFunc) eventReader {
	decoder := sse.NewDecoder(s.maxEventBytes, s.commentHook())
	decoder.SetLastEventID(s.position.Begin(s.lastEventID))
	return eventReader{settings: s, url: url, decoder: decoder, deliver: deliver}
}

// read emits the events of body. It returns nil when the stream is done, the cause of ctx when that is done, io.EOF or
// the error of body when body has ended, and otherwise the failure of the stream.
func (r *eventReader) read(ctx context.Context, body io.Reader) error {
	r.decoder.Reset(body)
	for {
		event, err := r.decoder.Next()
		if err != nil {
			r.position.Set(r.decoder.LastEventID()) // it may have come without an event
		}
		switch {
		case ctx.Err() != nil: // also with more in the buffer
			return context.Cause(ctx)
		case err == sse.ErrTooLarge:
			return &EventTooLargeError{URL: r.url, Limit: r.maxEventBytes}
		case err != nil:
			return err
		}
		err = r.handle(event)
		if err != errNotHandled {
			r.position.Set(event.ID) // only now: an event that was read but not handled comes again
		}
		switch err {
		case nil:
		case errStreamDone:
			return nil
		case errNotHandled:
			return context.Cause(ctx)
		default:
			return err
		}
	}
}

// endOf returns the result of a run, or of an attempt, whose body was read until err. ctx is the context of the
// connection, which a timeout ends too.
func (r *eventReader) endOf(run, ctx context.Context, err error) error {
	switch err.(type) {
	case nil, *ParseError, *EventTooLargeError:
		return err
	}
	switch {
	case err == io.EOF && r.completeOnEOF:
		return nil
	case err == io.EOF:
		return &ConnectionError{URL: r.url, Err: errEnded}
	case run.Err() != nil:
		return context.Cause(run)
	default:
		return r.failed(ctx, err)
	}
}

// failed returns the failure of a connection that met err. If ctx is done, its cause is the reason.
func (r *eventReader) failed(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	return &ConnectionError{URL: r.url, Err: connect.Clean(err)}
}

// handle emits an event, unless it is the sentinel of WithDone, of another type, or cannot be decoded.
func (r *eventReader) handle(event *sse.Event) error {
	if r.done != nil && r.done(Event[[]byte]{ID: event.ID, Type: event.Type, Data: event.Data}) {
		return errStreamDone
	}
	if r.events != nil && !r.events[event.Type] {
		return nil
	}
	more, err := r.deliver(event)
	switch {
	case err == errNotHandled:
		return err
	case err != nil:
		return r.parseError(event, err)
	}
	r.emitted = true
	if !more {
		return errStreamDone
	}
	return nil
}

func (r *eventReader) parseError(event *sse.Event, err error) error {
	failure := &ParseError{URL: r.url, ID: event.ID, Type: event.Type, Data: bytes.Clone(event.Data), Err: err}
	if len(r.onParseError) == 0 {
		return failure
	}
	for _, hook := range r.onParseError {
		hook(failure)
	}
	return nil
}

// commentHook returns a function that calls all hooks for comments. It is nil if there is none, so that the decoder
// makes no string of a comment.
func (s *settings) commentHook() func(string) {
	if len(s.onComment) == 0 {
		return nil
	}
	return func(text string) {
		for _, hook := range s.onComment {
			hook(text)
		}
	}
}
