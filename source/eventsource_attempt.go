package source

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/rivulet-go/rivulet/internal/sse"
)

const (
	// maxErrorBody is how much of the body of an error answer is read, and errorBodyTimeout for how long.
	maxErrorBody     = 4 << 10
	errorBodyTimeout = 5 * time.Second
)

// errEnded is the clean end of a body.
var errEnded = fmt.Errorf("rivulet: event source: the server has ended the stream: %w", io.EOF)

// errNotHandled is why an event was not emitted: what decoded it has cancelled the run, or that happened meanwhile.
var errNotHandled = errors.New("rivulet: event source: cancelled before the event was handled")

// attempt connects once and emits what comes. It never returns nil.
func (r *eventSourceRun) attempt(run context.Context) error {
	ctx, cancel := context.WithCancelCause(run)
	client, closeConnections := r.clientFor(ctx)
	defer closeConnections()
	defer cancel(nil)

	answer, err := r.connect(ctx, cancel, client)
	if err != nil {
		return err
	}
	defer func() {
		cancel(nil)             // first, so that closing waits for nothing
		_ = answer.Body.Close() // of a connection that is given up: its reads have told all there is to tell
	}()
	body, err := r.accept(ctx, cancel, answer)
	if err != nil {
		return err
	}
	r.open(answer)
	r.decoder.Reset(body)
	for {
		event, err := r.decoder.Next()
		if err != nil {
			r.position.set(r.decoder.LastEventID()) // it may have come without an event
		}
		switch {
		case run.Err() != nil: // also with more in the buffer; but a mere timeout takes nothing from what came
			return context.Cause(run)
		case err != nil:
			return r.endOf(ctx, err)
		}
		err = r.handle(event)
		if err != errNotHandled {
			r.position.set(event.ID) // only now: what was read but not handled comes again
		}
		if err != nil {
			return err
		}
	}
}

// connect sends the request and waits for the headers of the answer.
func (r *eventSourceRun) connect(
	ctx context.Context, cancel context.CancelCauseFunc, client *http.Client,
) (*http.Response, error) {
	if r.connectTimeout > 0 {
		timer := time.AfterFunc(r.connectTimeout, func() { cancel(ErrConnectTimeout) })
		defer timer.Stop()
	}
	request, err := r.newRequest(ctx)
	if err != nil {
		return nil, causeOr(ctx, err)
	}
	answer, err := client.Do(request)
	if err != nil {
		return nil, causeOr(ctx, err)
	}
	return answer, nil
}

// causeOr is why an attempt has failed with err: when its context is done, by a timeout or from above, this is.
func causeOr(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return err
}

// accept returns the body of an answer that is an event stream.
func (r *eventSourceRun) accept(
	ctx context.Context, cancel context.CancelCauseFunc, answer *http.Response,
) (io.Reader, error) {
	switch {
	case ctx.Err() != nil:
		return nil, context.Cause(ctx)
	case answer.StatusCode == http.StatusNoContent:
		return nil, errEnd
	case answer.StatusCode != http.StatusOK:
		return nil, statusError(cancel, answer)
	default:
		return decompressed(answer.Header, r.watched(cancel, answer.Body))
	}
}

// statusError shows what there is of the body, also when it breaks off or takes too long.
func statusError(cancel context.CancelCauseFunc, answer *http.Response) error {
	if answer.StatusCode == http.StatusSwitchingProtocols { // its body is the connection, which no cancel ends
		return &StatusError{Code: answer.StatusCode, Header: answer.Header}
	}
	timer := time.AfterFunc(errorBodyTimeout, func() { cancel(nil) })
	defer timer.Stop()
	body, _ := io.ReadAll(io.LimitReader(answer.Body, maxErrorBody))
	return &StatusError{Code: answer.StatusCode, Header: answer.Header, Body: body}
}

func (r *eventSourceRun) open(answer *http.Response) {
	r.opened = time.Now()
	r.setState(Open)
	shown := *answer
	shown.Body = http.NoBody
	for _, hook := range r.onOpen {
		hook(&shown)
	}
}

// endOf is why a body that could not be read further has ended.
func (r *eventSourceRun) endOf(ctx context.Context, err error) error {
	switch {
	case err == sse.ErrTooLarge:
		return &EventTooLargeError{Limit: r.maxEventBytes}
	case err == io.EOF && r.completeOnEOF:
		return errEnd
	case err == io.EOF:
		return errEnded
	default:
		return causeOr(ctx, err)
	}
}

// handle emits an event, unless it is the last, of another type, or does not decode.
func (r *eventSourceRun) handle(event *sse.Event) error {
	if r.done != nil && r.done(event.ID, event.Type, event.Data) {
		return errEnd
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
	case !more:
		return errEnd
	default:
		return nil
	}
}

func (r *eventSourceRun) parseError(event *sse.Event, err error) error {
	failure := &ParseError{ID: event.ID, Type: event.Type, Data: bytes.Clone(event.Data), Err: err}
	if len(r.onParseError) == 0 {
		return failure
	}
	for _, hook := range r.onParseError {
		hook(failure)
	}
	return nil
}
