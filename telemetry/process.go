package telemetry

import (
	"context"
	"net/textproto"
	"strings"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/propagation"
	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"
	"go.opentelemetry.io/otel/trace"
)

// Process returns a function that calls f and measures how long it takes to process a message from d: the metric
// messaging.process.duration of the messaging conventions of OpenTelemetry. If f fails, the attribute error.type says
// how; it is "panic" if f panics. It suits operators.TryMap and operators.ParallelMap. The returned function may be called
// concurrently if f may.
//
// With [WithSpan] each call has a span "process", which has a link to the span in which the message was sent.
func Process[A, B any](
	f func(ctx context.Context, message A) (B, error), d Destination, opts ...ProcessOption,
) func(ctx context.Context, message A) (B, error) {
	if f == nil {
		panic("telemetry.Process: nil function")
	}
	d.check("telemetry.Process")
	s := newSettings()
	for _, opt := range opts {
		if opt == nil {
			panic("telemetry.Process: nil option")
		}
		opt.process(s)
	}
	p := newProcessor(s, d)
	header := functionOf[func(A) map[string][]string]("telemetry.Process", "WithSpan", s.header)
	return func(ctx context.Context, message A) (result B, err error) {
		var span trace.Span
		if header != nil {
			ctx, span = p.start(ctx, header(message))
		}
		began, returned := time.Now(), false
		defer func() { p.ended(ctx, span, time.Since(began), p.failure(err, returned)) }()
		result, err = f(ctx, message)
		returned = true
		return result, err
	}
}

// processor is a function that processes messages, whatever their type.
type processor struct {
	*settings
	key         messagesKey
	instruments *instruments
	tracer      trace.Tracer
	succeeded   []metric.RecordOption
}

func newProcessor(s *settings, d Destination) *processor {
	key := messagesKey{d, process}
	return &processor{
		settings:    s,
		key:         key,
		instruments: registryOf(s.meters).instruments,
		tracer:      s.tracers.Tracer(scope, trace.WithSchemaURL(semconv.SchemaURL)),
		succeeded:   []metric.RecordOption{attributes(key.attributes()...)},
	}
}

// start starts the span of a message.
func (p *processor) start(ctx context.Context, header map[string][]string) (context.Context, trace.Span) {
	options := []trace.SpanStartOption{
		trace.WithSpanKind(trace.SpanKindConsumer),
		trace.WithAttributes(p.key.attributes()...),
		trace.WithAttributes(semconv.MessagingOperationTypeProcess),
	}
	producer := p.propagator.Extract(context.Background(), carrier(header))
	if trace.SpanContextFromContext(producer).IsValid() {
		options = append(options, trace.WithLinks(trace.LinkFromContext(producer)))
	}
	return p.tracer.Start(ctx, "process "+p.key.Name, options...)
}

// failure returns the attribute error.type, or none if the function has succeeded. It has panicked if it has not returned.
func (p *processor) failure(err error, returned bool) []attribute.KeyValue {
	switch {
	case !returned:
		return []attribute.KeyValue{panicked}
	case err != nil:
		return []attribute.KeyValue{semconv.ErrorTypeKey.String(p.errorType(err))}
	}
	return nil
}

// ended records that a message was processed. span is nil if there is none. Its End must not be deferred: in a panic it
// would add the text of the panic to the span.
func (p *processor) ended(ctx context.Context, span trace.Span, d time.Duration, failure []attribute.KeyValue) {
	recorded := p.succeeded
	if len(failure) > 0 {
		recorded = []metric.RecordOption{attributes(append(p.key.attributes(), failure...)...)}
	}
	p.instruments.processDuration.Record(context.WithoutCancel(ctx), d.Seconds(), recorded...)
	if span == nil {
		return
	}
	if len(failure) > 0 {
		span.SetStatus(codes.Error, "")
		span.SetAttributes(failure...)
	}
	span.End()
}

// carrier reads the headers of a message. Brokers keep the case of a key, which propagators write in lower case and
// http.Header in canonical form.
type carrier map[string][]string

var _ propagation.ValuesGetter = carrier{}

// Get returns the first value of a key.
func (c carrier) Get(key string) string {
	if values := c.Values(key); len(values) > 0 {
		return values[0]
	}
	return ""
}

// Values returns the values of a key.
func (c carrier) Values(key string) []string {
	if values, ok := c[key]; ok {
		return values
	}
	return c[textproto.CanonicalMIMEHeaderKey(key)]
}

// Set does nothing: the headers of a message that was received are not changed.
func (c carrier) Set(string, string) {}

// Keys returns the keys in lower case, as propagators write them.
func (c carrier) Keys() []string {
	keys := make([]string, 0, len(c))
	for key := range c {
		keys = append(keys, strings.ToLower(key))
	}
	return keys
}
