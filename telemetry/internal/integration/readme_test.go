package integration

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/durable"
	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/sink"
	"github.com/rivulet-go/rivulet/source"
	"github.com/rivulet-go/rivulet/telemetry"
)

// The code of the README of telemetry is in these tests: a test of the guides compares the two.

type Country struct {
	Name string
	Time time.Time
}

type Model struct{ Visits int }

type Order struct{ ID string }

func TestReadmeOfAFeed(t *testing.T) {
	feed := sink.EventSource(source.Of(Country{"Chile", time.Now()}), sink.Config[Country]{Replay: 1, ReplayToAll: true, Eager: true})
	defer feed.Close()
	server := httptest.NewServer(feed)
	defer server.Close()
	url := server.URL
	models := source.Never[Model]()

	visitors := telemetry.Instrument(source.FromEventSource[Country](url), "visitors",
		telemetry.WithConnections(),
		telemetry.WithLag(func(e source.Event[Country]) time.Time { return e.Data.Time }))

	page := sink.EventSource(models, sink.Config[Model]{Replay: 100})
	defer telemetry.Handler(page, "page")()

	defer page.Close()
	first, err := visitors.First(t.Context())
	require.NoError(t, err)
	require.Equal(t, "Chile", first.Data.Name)
	require.Implements(t, (*http.Handler)(nil), page)
}

func TestReadmeOfAWorker(t *testing.T) {
	_, nc := open(t)
	orders := durable.Publish(source.Of(Order{"1"}, Order{"2"}), nc, "orders", func(Order) string { return "orders" })
	require.NoError(t, orders.ForEach(t.Context(), func(durable.Ack[Order]) {}))
	charge := func(_ context.Context, j *durable.Job[Order]) (string, error) { return j.Data.ID, j.Ack() }

	work := durable.Work[Order](nc, "orders", "billing")
	billing := telemetry.Destination{System: "nats", Name: "orders", ConsumerGroup: "billing"}
	jobs := telemetry.Instrument(work, "billing",
		telemetry.WithConnections(),
		telemetry.WithReceived(billing),
		telemetry.WithLag(func(j *durable.Job[Order]) time.Time { return j.Time }),
		telemetry.WithDeliveries(func(j *durable.Job[Order]) int { return j.Deliveries }))
	process := telemetry.Process(charge, billing,
		telemetry.WithSpan(func(j *durable.Job[Order]) map[string][]string { return j.Header }))
	receipts := operators.ParallelMap(jobs, 8, process)

	charged, err := operators.Take(receipts, 2).Collect(t.Context())
	require.NoError(t, err)
	require.Equal(t, []string{"1", "2"}, charged)
}
