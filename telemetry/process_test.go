package telemetry_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	oteltrace "go.opentelemetry.io/otel/trace"

	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
	"github.com/rivulet-go/rivulet/telemetry"
	"github.com/rivulet-go/rivulet/telemetry/internal/metrictest"
)

const (
	waitLimit = time.Minute // on a busy machine; as a rule it takes milliseconds
	waitTick  = 5 * time.Millisecond
)

func spanOf(ctx context.Context) string {
	return oteltrace.SpanContextFromContext(ctx).SpanID().String()
}

var orders = telemetry.Destination{System: "nats", Name: "orders", ConsumerGroup: "billing"}

const processed = "messaging.process.duration "

func TestProcess(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		meters, reader := metrictest.NewMeter()
		process := telemetry.Process(func(_ context.Context, n int) (int, error) {
			time.Sleep(time.Duration(n) * time.Second)
			if n == 3 {
				return 0, io.ErrUnexpectedEOF
			}
			return 10 * n, nil
		}, orders, telemetry.WithMeterProvider(meters))
		results, err := operators.TryMap(source.Of(1, 2, 3), process).Collect(t.Context())
		require.Equal(t, io.ErrUnexpectedEOF, err)
		require.Equal(t, []int{10, 20}, results)
		const attributes = "messaging.consumer.group.name=billing messaging.destination.name=orders " +
			"messaging.operation.name=process messaging.system=nats"
		require.Equal(t, map[string]float64{
			attributes + " count": 2, attributes + " sum": 3,
			"error.type=unexpected_eof " + attributes + " count": 1, "error.type=unexpected_eof " + attributes + " sum": 3,
		}, metrictest.Of(metrictest.Collect(reader), processed))
	})
}

type message struct {
	header map[string][]string
	fails  bool
}

func TestProcessSpans(t *testing.T) {
	const producer = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
	for name, row := range map[string]struct {
		message message
		linked  bool
	}{
		"as propagators write it": {message{header: map[string][]string{"traceparent": {producer}}}, true},
		"in canonical form":       {message{header: map[string][]string{"Traceparent": {producer}}}, true},
		"no header":               {message{}, false},
		"malformed":               {message{header: map[string][]string{"traceparent": {"?"}}}, false},
		"empty":                   {message{header: map[string][]string{"traceparent": {}}}, false},
		"failing":                 {message{header: map[string][]string{"traceparent": {producer}}, fails: true}, true},
	} {
		t.Run(name, func(t *testing.T) {
			meters, _ := metrictest.NewMeter()
			tracers, spans := newTracer()
			var seen string
			process := telemetry.Process(func(ctx context.Context, m message) (int, error) {
				seen = spanOf(ctx)
				if m.fails {
					return 0, errors.New("refused")
				}
				return 1, nil
			}, orders, telemetry.WithMeterProvider(meters), telemetry.WithTracerProvider(tracers),
				telemetry.WithPropagator(propagation.TraceContext{}),
				telemetry.WithSpan(func(m message) map[string][]string { return m.header }))
			_, err := process(t.Context(), row.message)
			require.Equal(t, row.message.fails, err != nil)
			require.Len(t, spans.Ended(), 1)
			span := tracetest.SpanStubFromReadOnlySpan(spans.Ended()[0])
			require.Equal(t, "process orders", span.Name)
			require.Equal(t, span.SpanContext.SpanID().String(), seen)
			require.Equal(t, row.linked, len(span.Links) == 1)
			if row.linked {
				require.Equal(t, "b7ad6b7169203331", span.Links[0].SpanContext.SpanID().String())
			}
			require.Equal(t, row.message.fails, span.Status.Code == codes.Error)
		})
	}
}

func TestAMessageThatPanicsEndsItsSpan(t *testing.T) {
	meters, _ := metrictest.NewMeter()
	tracers, spans := newTracer()
	process := telemetry.Process(func(context.Context, message) (int, error) { panic("oops") }, orders,
		telemetry.WithMeterProvider(meters), telemetry.WithTracerProvider(tracers),
		telemetry.WithSpan(func(m message) map[string][]string { return m.header }))
	require.PanicsWithValue(t, "oops", func() { _, _ = process(t.Context(), message{}) })
	require.Len(t, spans.Ended(), 1)
}

// The text of a panic may have what the text of an error has: a URL, or a part of the message.
func TestTheSpanOfAPanicHasNoText(t *testing.T) {
	meters, reader := metrictest.NewMeter()
	tracers, spans := newTracer()
	process := telemetry.Process(func(context.Context, message) (int, error) { panic("https://secret") }, orders,
		telemetry.WithMeterProvider(meters), telemetry.WithTracerProvider(tracers),
		telemetry.WithSpan(func(m message) map[string][]string { return m.header }))
	require.PanicsWithValue(t, "https://secret", func() { _, _ = process(t.Context(), message{}) })
	require.Len(t, spans.Ended(), 1)
	span := tracetest.SpanStubFromReadOnlySpan(spans.Ended()[0])
	require.NotContains(t, fmt.Sprintf("%+v", span), "secret")
	require.Equal(t, codes.Error, span.Status.Code)
	require.Contains(t, span.Attributes, attribute.String("error.type", "panic"))
	found := metrictest.Of(metrictest.Collect(reader), processed+"error.type=panic ")
	require.Len(t, found, 2, "the duration and the count")
}
