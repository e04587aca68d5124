package integration

import (
	"context"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"github.com/rivulet-go/rivulet/durable"
	"github.com/rivulet-go/rivulet/durable/embedded"
	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
	"github.com/rivulet-go/rivulet/telemetry"
	"github.com/rivulet-go/rivulet/telemetry/internal/metrictest"
)

const (
	toOrders = "messaging.client.sent.messages messaging.destination.name=orders messaging.operation.name=send " +
		"messaging.system=nats"
	fromOrders = "messaging.client.consumed.messages messaging.consumer.group.name=billing " +
		"messaging.destination.name=orders messaging.operation.name=receive messaging.system=nats"
	processed = "messaging.process.duration messaging.consumer.group.name=billing messaging.destination.name=orders " +
		"messaging.operation.name=process messaging.system=nats count"
	producer = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
)

var billing = telemetry.Destination{System: "nats", Name: "orders", ConsumerGroup: "billing"}

func open(t *testing.T) (*embedded.Server, *nats.Conn) {
	server, err := embedded.Start(embedded.WithDir(t.TempDir()))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, server.Close()) })
	nc, err := nats.Connect(server.URL(), embedded.Reconnecting())
	require.NoError(t, err)
	t.Cleanup(nc.Close)
	require.NoError(t, durable.Ensure(t.Context(), nc,
		durable.StreamConfig{Name: "orders", Subjects: []string{"orders"}}))
	return server, nc
}

// Orders are published and processed by a worker that returns one of them, so that it is delivered twice.
func TestPublishAndWork(t *testing.T) {
	_, nc := open(t)
	meters, reader := metrictest.NewMeter()
	provider := telemetry.WithMeterProvider(meters)
	spans := tracetest.NewSpanRecorder()

	acks := telemetry.Instrument(
		durable.Publish(source.Of(1, 2, 3), nc, "orders", func(int) string { return "orders" }), "orders", provider,
		telemetry.WithSent(telemetry.Destination{System: "nats", Name: "orders"}))
	require.NoError(t, acks.ForEach(t.Context(), func(durable.Ack[int]) {}))
	traced := nats.NewMsg("orders") // from a producer that has a trace
	traced.Data, traced.Header = []byte("4"), nats.Header{"traceparent": {producer}}
	require.NoError(t, nc.PublishMsg(traced))

	jobs := telemetry.Instrument(durable.Work[int](nc, "orders", "billing"), "billing", provider,
		telemetry.WithConnections(),
		telemetry.WithReceived(billing),
		telemetry.WithDeliveries(func(j *durable.Job[int]) int { return j.Deliveries }),
		telemetry.WithLag(func(j *durable.Job[int]) time.Time { return j.Time }))
	charge := telemetry.Process(func(_ context.Context, j *durable.Job[int]) (int, error) {
		if j.Data == 2 && j.Deliveries == 1 {
			return 0, j.Nak(0)
		}
		return j.Data, j.Ack()
	}, billing, provider,
		telemetry.WithTracerProvider(trace.NewTracerProvider(trace.WithSpanProcessor(spans))),
		telemetry.WithPropagator(propagation.TraceContext{}),
		telemetry.WithSpan(func(j *durable.Job[int]) map[string][]string { return j.Header }))
	charged, err := operators.Take(operators.TryMap(jobs, charge), 5).Collect(t.Context())
	require.NoError(t, err)
	require.ElementsMatch(t, []int{1, 0, 3, 4, 2}, charged)

	all := metrictest.Collect(reader)
	require.EqualValues(t, 3, all[toOrders])
	require.EqualValues(t, 5, all[fromOrders])
	require.EqualValues(t, 5, all[processed])
	require.EqualValues(t, 1, all["rivulet.stream.redeliveries rivulet.stream.name=billing"])
	require.EqualValues(t, 5, all["rivulet.stream.lag rivulet.stream.name=billing count"])
	require.EqualValues(t, 1, all["rivulet.connection.connects rivulet.stream.name=billing"])
	require.Contains(t, all, "rivulet.stream.run.duration rivulet.outcome=stopped rivulet.stream.name=billing count")
	links := 0
	for _, span := range spans.Ended() {
		require.Equal(t, "process orders", span.Name())
		for _, link := range span.Links() {
			require.Equal(t, "b7ad6b7169203331", link.SpanContext.SpanID().String())
			links++
		}
	}
	require.Equal(t, 1, links)
}

// A reader shows that it has lost its connection, and that it is back.
func TestARestartOfTheServer(t *testing.T) {
	server, nc := open(t)
	meters, reader := metrictest.NewMeter()
	state := func(name string) float64 {
		return metrictest.Collect(reader)["rivulet.connection.count rivulet.connection.state="+name+" rivulet.stream.name=orders"]
	}
	await := func(name string) {
		t.Helper()
		require.Eventually(t, func() bool { return state(name) == 1 }, 20*time.Second, 20*time.Millisecond)
	}
	messages := telemetry.Instrument(durable.From[int](nc, "orders"), "orders",
		telemetry.WithConnections(), telemetry.WithMeterProvider(meters))
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- messages.ForEach(ctx, func(durable.Message[int]) {}) }()
	await("open")
	server.Stop()
	await("connecting")
	require.NoError(t, server.Resume())
	await("open")
	cancel()
	require.ErrorIs(t, <-ended, context.Canceled)
	all := metrictest.Collect(reader)
	require.EqualValues(t, 0, state("open"))
	require.EqualValues(t, 2, all["rivulet.connection.connects rivulet.stream.name=orders"])
	require.NotEmpty(t, metrictest.Of(all, "rivulet.connection.retries "))
}
