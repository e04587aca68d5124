package source

import (
	"context"
	"io"

	"github.com/rivulet-go/rivulet/internal/cause"
	"github.com/rivulet-go/rivulet/observable"
)

// FromEventStream emits the events of a Server-Sent Events stream that the program has already: the body of an
// [http.Response] that an API client has returned, a file, or the body of an httptest.ResponseRecorder. It reads body
// as [FromEventSource] reads the body of an answer, and does not reconnect.
//
// The stream completes at the end of body and at the event of [WithDone]. It fails with a [*ParseError] or an
// [*EventTooLargeError], and with a [*ConnectionError] if reading body fails. The URL in these errors is empty.
//
// These options have an effect: WithEvents, WithLastEventID, WithPosition, WithIdleTimeout, WithMaxEventBytes,
// WithDone, WithDecoder, WithOnComment and WithOnParseError.
//
// If body is an [io.Closer], FromEventStream closes it when the run ends, and as soon as ctx is done or the idle
// timeout has passed, so that a Read that blocks returns. Otherwise it waits for the Read. A body can be read once, so
// a second run emits only what is left of it. An error of closing is joined to the result.
//
// FromEventStream starts no goroutine, and buffers as FromEventSource does.
func FromEventStream[T any](body io.Reader, opts ...Option) observable.Observable[Event[T]] {
	if body == nil {
		panic("source.FromEventStream: nil body")
	}
	settings := newSettings("source.FromEventStream", opts)
	settings.completeOnEOF = true
	return func(ctx context.Context, emit func(Event[T]) bool) error {
		r := newEventReader("", settings, delivering(ctx, settings, emit))
		return r.readOnce(ctx, body)
	}
}

// readOnce is a run that reads one body.
func (r *eventReader) readOnce(run context.Context, body io.Reader) error {
	ctx, cancel := context.WithCancelCause(run)
	defer cancel(nil)
	closeBody := closing(ctx, body)
	err := context.Cause(run)
	if err == nil {
		err = r.read(run, watched(r.idle, func() { cancel(ErrIdleTimeout) }, body))
	}
	closeErr := closeBody()
	if cause.Alone(run, closeErr) {
		closeErr = nil
	}
	return cause.Join(r.endOf(run, ctx, err), closeErr)
}

// closing closes body, if it can be closed, when ctx is done. The function that it returns closes body if that has not
// happened yet, and returns the error of closing.
func closing(ctx context.Context, body io.Reader) func() error {
	closer, ok := body.(io.Closer)
	if !ok {
		return func() error { return nil }
	}
	closed := make(chan error, 1)
	stop := context.AfterFunc(ctx, func() { closed <- closer.Close() })
	return func() error {
		if stop() {
			return closer.Close()
		}
		return <-closed
	}
}
