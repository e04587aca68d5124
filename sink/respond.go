package sink

import (
	"context"
	"errors"
	"maps"
	"net/http"

	"github.com/rivulet-go/rivulet/internal/cause"
	"github.com/rivulet-go/rivulet/observable"
)

// ErrTooSlow is the error of [Respond] if writing took longer than the WriteTimeout.
var ErrTooSlow = errors.New("rivulet: the client is too slow")

// Respond answers one request with a stream of its own, such as the answer of a language model or the progress of a job.
// It sends the header, runs src and writes its items as Server-Sent Events. It returns when src has ended and the
// response is complete. A slow client delays src.
//
// Respond returns nil if src completes. If src fails or an item cannot be encoded, Respond returns that error. The
// client has then received the items before it, and cannot see that some are missing: src should say so in its last
// item, for instance by operators.Catch.
//
// If the response ends before src does, Respond stops src, waits for it, and returns why, joined with an error of
// stopping src:
//   - the cause of the context of r, which is canceled when the client closes the connection;
//   - [ErrTooSlow];
//   - [http.ErrServerClosed], if the [http.Server] is being shut down;
//   - an error of writing.
//
// If w cannot flush, Respond answers with status 500 and returns an error that wraps [http.ErrNotSupported].
//
// Requests may have any method; on HEAD, Respond sends the header and does not run src. The caller reads the body of the
// request before it calls Respond: the rest of a body is discarded. The EventSource of a browser sends its request again
// when the response has ended, so a page should read a finite stream by fetch, or close the EventSource at the last
// event.
//
// Respond uses these fields of config: Type, ID, Encode, Greeting, Retry, Heartbeat, Buffer and WriteTimeout. Without
// ID, events have no ID. It panics if src is nil or config has a mistake. Panics of src are not recovered, not even by
// net/http.
//
// Respond starts one goroutine, which calls src, Type, ID and Encode, and buffers up to Buffer events in addition to
// those that are being written.
func Respond[T any](w http.ResponseWriter, r *http.Request, src observable.Observable[T], config Config[T]) error {
	if src == nil {
		panic("sink.Respond: nil source")
	}
	if config.ID == nil {
		config.ID = func(T) string { return "" }
	}
	s := config.settings("sink.Respond")
	if !bodyWasRead(r) {
		defer ignoreBody(w, r)()
	}
	if r.Method == http.MethodHead {
		maps.Copy(w.Header(), header)
		return nil
	}
	c := newClient(w, r, s, newWatch(s.Heartbeat, s.WriteTimeout))
	defer c.finish()
	c.watch.enter(&c.response, 0)
	defer c.watch.leave(&c.response)
	return c.respond(r.Context(), src)
}

// respond writes a stream, until it has ended or the client has gone or must go.
func (c *client[T]) respond(ctx context.Context, src observable.Observable[T]) error {
	if !c.begin() {
		return c.failure(ctx)
	}
	f := newFeed(ctx, src, c, c.config.Buffer)
	sent := c.follow(&f.Reader)
	err := f.stop()
	if sent && !f.cut {
		return err
	}
	return cause.Join(c.failure(ctx), err)
}

// failure returns why the response to a request with the given context has ended early. The order counts: when a write
// has failed, for whatever reason, net/http cancels the context.
func (p *response) failure(ctx context.Context) error {
	why := p.reason.Load()
	switch {
	case why == tooSlow:
		return ErrTooSlow
	case why == shutDown:
		return http.ErrServerClosed
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case p.broken != nil:
		return p.broken
	}
	return nil
}
