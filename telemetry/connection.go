package telemetry

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"go.opentelemetry.io/otel/codes"
	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"
	"go.opentelemetry.io/otel/trace"

	"github.com/rivulet-go/rivulet/internal/connect"
)

// connection is one run of a source that connects. All of it happens on the goroutine of that run.
type connection struct {
	*run
	count  *atomic.Int64 // of the state that the run is in; nil when it has ended
	span   trace.Span    // of the attempt; nil when it has ended
	tracer trace.Tracer
	begun  bool // the first attempt
}

// withHooks returns the context for the source, with hooks for its connections if they are to be measured. A context
// with a value makes each ctx.Err() a nanosecond slower, which many sources call for each item.
func (r *run) withHooks(ctx context.Context) context.Context {
	if !r.connections {
		return ctx
	}
	return connect.WithHooks(ctx, r.connectHooks)
}

// connectHooks is called by several goroutines if the stream runs sources on several.
func (r *run) connectHooks() connect.Hooks {
	c := &connection{run: r, tracer: r.tracers.Tracer(scope, trace.WithSchemaURL(semconv.SchemaURL))}
	return connect.Hooks{OnState: c.onState, OnRetry: c.onRetry, OnAttempt: c.onAttempt}
}

func (c *connection) onState(state connect.State) {
	if c.count != nil {
		c.count.Add(-1)
	}
	switch state {
	case connect.Connecting:
		c.stream.hasConnections.Store(true)
		c.count = &c.stream.connecting
	case connect.Open:
		c.stream.connects.Add(1)
		c.count = &c.stream.open
		c.endSpan()
	case connect.Closed:
		c.count = nil
		c.endSpan() // of an attempt that has panicked
		return
	}
	c.count.Add(1)
}

func (c *connection) onRetry(err error, _ int, _ time.Duration) {
	c.stream.instruments.retries.Add(context.Background(), 1,
		c.stream.with(semconv.ErrorTypeKey.String(c.errorType(err))))
}

// onAttempt starts the span of an attempt. The first attempt of a run is a part of what the run belongs to. Later ones
// may begin days after that has ended: they have traces of their own, with a link.
func (c *connection) onAttempt(ctx context.Context) (context.Context, func(error)) {
	options := []trace.SpanStartOption{trace.WithSpanKind(trace.SpanKindClient), trace.WithAttributes(c.stream.name)}
	if c.begun {
		options = append(options, trace.WithNewRoot())
		if trace.SpanContextFromContext(ctx).IsValid() {
			options = append(options, trace.WithLinks(trace.LinkFromContext(ctx)))
		}
	}
	c.begun = true
	var attempt context.Context
	attempt, c.span = c.tracer.Start(ctx, "connect "+c.stream.name.Value.AsString(), options...)
	return attempt, func(err error) { c.attemptEnded(ctx, err) }
}

// attemptEnded ends the span of an attempt that has not opened a connection. The span has no text of the error, which
// names a URL.
func (c *connection) attemptEnded(ctx context.Context, err error) {
	if c.span == nil {
		return
	}
	if err != nil && (ctx.Err() == nil || !errors.Is(err, context.Cause(ctx))) {
		c.span.SetStatus(codes.Error, "")
		c.span.SetAttributes(semconv.ErrorTypeKey.String(c.errorType(err)))
	}
	c.endSpan()
}

func (c *connection) endSpan() {
	if c.span != nil {
		c.span.End()
		c.span = nil
	}
}
