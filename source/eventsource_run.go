package source

import (
	"context"
	"io"
	"net/http"
	"time"

	"github.com/rivulet-go/rivulet/internal/connect"
)

const (
	// maxErrorBody is how much of the body of an answer is read that is no event stream, and errorBodyTimeout for how
	// long.
	maxErrorBody     = 4 << 10
	errorBodyTimeout = time.Second
)

// eventSourceRun is a run of FromEventSource, whatever the type of the data. All of it happens on one goroutine.
type eventSourceRun struct {
	eventReader
	target   string // the URL that is asked
	attempts *connect.Attempts
}

func runEventSource(ctx context.Context, url string, s *settings, deliver deliverFunc) error {
	r := &eventSourceRun{eventReader: newEventReader(connect.URL(url), s, deliver), target: url}
	config := s.connection
	config.Policy.Retryable = r.mayRetry
	r.attempts = connect.New(kind, url, config)
	if t, ok := s.position.Delay(); ok {
		r.attempts.SetInitialDelay(t)
	}
	return r.attempts.Run(ctx, r.attempt)
}

// attempt connects once and emits the events that come. It returns nil when the stream is done.
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
		_ = answer.Body.Close() // the connection is given up: an error of closing it says nothing new
	}()
	switch {
	case ctx.Err() != nil:
		return r.failed(ctx, nil)
	case answer.StatusCode == http.StatusNoContent:
		return nil
	case answer.StatusCode != http.StatusOK:
		return r.statusError(cancel, answer)
	}
	body, err := r.eventStream(cancel, answer)
	if err != nil {
		return err
	}
	r.opened(answer)
	answer.Header = nil // the body refers to the answer, whose header would be kept as long as the connection
	err = r.read(run, body)
	if t, ok := r.decoder.Retry(); ok {
		r.attempts.SetInitialDelay(t)
		r.position.SetDelay(t)
	}
	return r.endOf(run, ctx, err)
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
	if err != nil && ctx.Err() == nil {
		return nil, &RequestError{URL: r.url, Err: connect.Clean(err)}
	}
	if err != nil {
		return nil, r.failed(ctx, err)
	}
	answer, err := r.send(client, request)
	if _, refused := err.(*RedirectError); refused && ctx.Err() == nil {
		return nil, err
	}
	if err != nil {
		return nil, r.failed(ctx, err)
	}
	return answer, nil
}

// statusError holds as much of the body as comes, also if it breaks off or takes too long.
func (r *eventSourceRun) statusError(cancel context.CancelCauseFunc, answer *http.Response) error {
	r.attempts.WaitAtLeast(connect.RetryAfter(answer.Header))
	failure := &StatusError{URL: r.url, Code: answer.StatusCode, Header: answer.Header}
	if answer.StatusCode != http.StatusSwitchingProtocols { // its body is the connection, which no cancel ends
		failure.Body = beginning(cancel, answer.Body)
	}
	return failure
}

// beginning returns the first bytes of a body that is no event stream.
func beginning(cancel context.CancelCauseFunc, body io.Reader) []byte {
	timer := time.AfterFunc(errorBodyTimeout, func() { cancel(nil) })
	defer timer.Stop()
	read, _ := io.ReadAll(io.LimitReader(body, maxErrorBody)) // the failure is the status or the content type
	return read
}

func (r *eventSourceRun) opened(answer *http.Response) {
	r.attempts.Opened()
	shown := *answer
	shown.Body = http.NoBody
	for _, hook := range r.onOpen {
		hook(&shown)
	}
}
