package telemetry_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"time"

	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/retry"
	"github.com/rivulet-go/rivulet/sink"
	"github.com/rivulet-go/rivulet/source"
	"github.com/rivulet-go/rivulet/telemetry"
	"github.com/rivulet-go/rivulet/telemetry/internal/metrictest"
)

// show prints the metrics whose name begins with one of the prefixes, except for sums of durations.
func show(reader metric.Reader, prefixes ...string) {
	all := metrictest.Collect(reader)
	for _, name := range slices.Sorted(maps.Keys(all)) {
		for _, prefix := range prefixes {
			if strings.HasPrefix(name, prefix) && !strings.HasSuffix(name, " sum") {
				fmt.Println(name, all[name])
			}
		}
	}
}

func ExampleInstrument() {
	reader := metric.NewManualReader() // a program uses an exporter, such as that of Prometheus
	provider := metric.NewMeterProvider(metric.WithReader(reader))

	prices := telemetry.Instrument(source.Of(101, 99, 100), "prices", telemetry.WithMeterProvider(provider))
	lowest, _ := operators.Filter(prices, func(p int) bool { return p < 100 }).First(context.Background())
	fmt.Println("lowest:", lowest)

	show(reader, "rivulet.")
	// Output:
	// lowest: 99
	// rivulet.stream.items rivulet.stream.name=prices 2
	// rivulet.stream.run.duration rivulet.outcome=stopped rivulet.stream.name=prices count 1
	// rivulet.stream.runs.active rivulet.stream.name=prices 0
}

func ExampleWithConnections() {
	attempts := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if attempts++; attempts == 1 {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		w.Header().Set("Content-Type", "text/event-stream")
		_, _ = io.WriteString(w, "data: Chile\n\ndata: Ghana\n\n")
	}))
	defer server.Close()
	reader := metric.NewManualReader()
	spans := tracetest.NewSpanRecorder()

	visitors := telemetry.Instrument(
		source.FromEventSource[string](server.URL, source.WithRetry(retry.Policy{InitialDelay: -1})), "visitors",
		telemetry.WithConnections(),
		telemetry.WithMeterProvider(metric.NewMeterProvider(metric.WithReader(reader))),
		telemetry.WithTracerProvider(trace.NewTracerProvider(trace.WithSpanProcessor(spans))),
	)
	_ = operators.Take(visitors, 2).ForEach(context.Background(), func(e source.Event[string]) { fmt.Println(e.Data) })

	show(reader, "rivulet.connection.")
	for _, span := range spans.Ended() {
		fmt.Println("span:", span.Name(), span.Status().Code)
	}
	// Output:
	// Chile
	// Ghana
	// rivulet.connection.connects rivulet.stream.name=visitors 1
	// rivulet.connection.count rivulet.connection.state=connecting rivulet.stream.name=visitors 0
	// rivulet.connection.count rivulet.connection.state=open rivulet.stream.name=visitors 0
	// rivulet.connection.retries error.type=503 rivulet.stream.name=visitors 1
	// span: connect visitors Error
	// span: connect visitors Unset
}

func ExampleWithLag() {
	type trade struct{ At time.Time }
	reader := metric.NewManualReader()

	trades := telemetry.Instrument(source.Of(trade{time.Now()}, trade{}), "trades",
		telemetry.WithLag(func(t trade) time.Time { return t.At }),
		telemetry.WithConsumerDuration(),
		telemetry.WithMeterProvider(metric.NewMeterProvider(metric.WithReader(reader))))
	_ = trades.ForEach(context.Background(), func(trade) {})

	show(reader, "rivulet.stream.lag", "rivulet.stream.consumer.duration")
	// Output:
	// rivulet.stream.consumer.duration rivulet.stream.name=trades count 2
	// rivulet.stream.lag rivulet.stream.name=trades count 1
}

// The messages of a durable stream. A *durable.Job has the same fields.
func ExampleWithReceived() {
	type job struct {
		Time       time.Time
		Deliveries int
	}
	reader := metric.NewManualReader()
	provider := telemetry.WithMeterProvider(metric.NewMeterProvider(metric.WithReader(reader)))

	work := source.Of(job{time.Now(), 1}, job{time.Now(), 2}) // durable.Work[Order](nc, "orders", "billing")
	jobs := telemetry.Instrument(work, "billing", provider,
		telemetry.WithReceived(telemetry.Destination{System: "nats", Name: "orders", ConsumerGroup: "billing"}),
		telemetry.WithDeliveries(func(j job) int { return j.Deliveries }),
		telemetry.WithLag(func(j job) time.Time { return j.Time }))
	_ = jobs.ForEach(context.Background(), func(job) {})

	acks := source.Of(1, 2, 3) // durable.Publish(orders, nc, "orders", subject)
	sent := telemetry.Instrument(acks, "orders", provider,
		telemetry.WithSent(telemetry.Destination{System: "nats", Name: "orders"}))
	_ = sent.ForEach(context.Background(), func(int) {})

	show(reader, "messaging.", "rivulet.stream.redeliveries", "rivulet.stream.lag")
	// Output:
	// messaging.client.consumed.messages messaging.consumer.group.name=billing messaging.destination.name=orders messaging.operation.name=receive messaging.system=nats 2
	// messaging.client.sent.messages messaging.destination.name=orders messaging.operation.name=send messaging.system=nats 3
	// rivulet.stream.lag rivulet.stream.name=billing count 2
	// rivulet.stream.redeliveries rivulet.stream.name=billing 1
}

func ExampleProcess() {
	type order struct {
		Header map[string][]string // durable.Message has such headers
		Amount int
	}
	sent := map[string][]string{"traceparent": {"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"}}
	reader := metric.NewManualReader()
	spans := tracetest.NewSpanRecorder()

	charge := telemetry.Process(
		func(_ context.Context, o order) (string, error) { return fmt.Sprintf("charged %d", o.Amount), nil },
		telemetry.Destination{System: "nats", Name: "orders", ConsumerGroup: "billing"},
		telemetry.WithSpan(func(o order) map[string][]string { return o.Header }),
		telemetry.WithPropagator(propagation.TraceContext{}),
		telemetry.WithMeterProvider(metric.NewMeterProvider(metric.WithReader(reader))),
		telemetry.WithTracerProvider(trace.NewTracerProvider(trace.WithSpanProcessor(spans))))
	receipts := operators.ParallelMap(source.Of(order{sent, 5}), 4, charge)
	_ = receipts.ForEach(context.Background(), func(receipt string) { fmt.Println(receipt) })

	for _, span := range spans.Ended() {
		fmt.Println("span:", span.Name(), "of the trace that sent span", span.Links()[0].SpanContext.SpanID())
	}
	show(reader, "messaging.process.duration")
	// Output:
	// charged 5
	// span: process orders of the trace that sent span b7ad6b7169203331
	// messaging.process.duration messaging.consumer.group.name=billing messaging.destination.name=orders messaging.operation.name=process messaging.system=nats count 1
}

func ExampleHandler() {
	reader := metric.NewManualReader()
	handler := sink.EventSource(source.Never[string](), sink.Config[string]{Greeting: []string{"hello"}})
	defer handler.Close()

	unregister := telemetry.Handler(handler, "page",
		telemetry.WithMeterProvider(metric.NewMeterProvider(metric.WithReader(reader))))
	defer unregister()

	show(reader, "rivulet.sink.clients.")
	// Output:
	// rivulet.sink.clients.active rivulet.sink.name=page 0
	// rivulet.sink.clients.caught_up rivulet.sink.name=page 0
	// rivulet.sink.clients.disconnected rivulet.sink.name=page 0
	// rivulet.sink.clients.gaps rivulet.sink.name=page 0
	// rivulet.sink.clients.replayed rivulet.sink.name=page 0
	// rivulet.sink.clients.served rivulet.sink.name=page 0
}

func ExampleErrorType() {
	lost := &source.ConnectionError{URL: "https://example.com/feed", Err: source.ErrIdleTimeout}
	fmt.Println(telemetry.ErrorType(lost))
	fmt.Println(telemetry.ErrorType(&source.StatusError{URL: "https://example.com/feed", Code: 503}))
	fmt.Println(telemetry.ErrorType(&source.ParseError{Err: errors.New("invalid character 'x'")}))
	fmt.Println(telemetry.ErrorType(errors.New("disk full")))
	// Output:
	// idle_timeout
	// 503
	// source.ParseError
	// _OTHER
}

func ExampleWithErrorType() {
	errDiskFull := errors.New("disk full")
	reader := metric.NewManualReader()
	full := telemetry.Instrument(source.Throw[int](errDiskFull), "log",
		telemetry.WithErrorType(func(err error) string {
			if errors.Is(err, errDiskFull) {
				return "disk_full"
			}
			return telemetry.ErrorType(err)
		}),
		telemetry.WithMeterProvider(metric.NewMeterProvider(metric.WithReader(reader))))
	_ = full.ForEach(context.Background(), func(int) {})

	show(reader, "rivulet.stream.run.duration")
	// Output:
	// rivulet.stream.run.duration error.type=disk_full rivulet.outcome=failed rivulet.stream.name=log count 1
}
