package telemetry_test

import (
	"bufio"
	"context"
	"net/http"
	"net/http/httptest"
	"reflect"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/sink"
	"github.com/rivulet-go/rivulet/source"
	"github.com/rivulet-go/rivulet/telemetry"
	"github.com/rivulet-go/rivulet/telemetry/internal/metrictest"
)

// fixed is a sink whose counters are all different.
type fixed sink.Stats

func (f fixed) Stats() sink.Stats { return sink.Stats(f) }

func TestHandler(t *testing.T) {
	meters, reader := metrictest.NewMeter()
	provider := telemetry.WithMeterProvider(meters)
	stats := fixed{Clients: 1, Served: 2, Refused: 3, Disconnected: 4, Replayed: 5, CaughtUp: 6, Gaps: 7, Published: 8,
		Sent: 9, Bytes: 10}
	want := map[string]float64{
		"clients.active": 1, "clients.served": 2, "requests.refused": 3, "clients.disconnected": 4, "clients.replayed": 5,
		"clients.caught_up": 6, "clients.gaps": 7, "events.published": 8, "events.sent": 9, "sent": 10,
	}
	require.Len(t, want, reflect.TypeFor[sink.Stats]().NumField(), "a field of Stats has no metric")
	requireStats := func(clients, all float64) {
		t.Helper()
		got := metrictest.Of(metrictest.Collect(reader), "rivulet.sink.")
		for name, value := range want {
			if name == "clients.active" {
				require.Equal(t, clients*value, got[name+" rivulet.sink.name=page"], name)
				continue
			}
			require.Equal(t, all*value, got[name+" rivulet.sink.name=page"], name)
		}
	}
	first := telemetry.Handler(stats, "page", provider)
	requireStats(1, 1)
	second := telemetry.Handler(stats, "page", provider)
	requireStats(2, 2)
	first()
	first()
	requireStats(1, 2) // no counter falls
	second()
	requireStats(0, 2)
}

func TestARealSink(t *testing.T) {
	meters, reader := metrictest.NewMeter()
	handler := sink.EventSource(source.Of("a", "b"), sink.Config[string]{Replay: 2, ReplayToAll: true})
	defer handler.Close()
	defer telemetry.Handler(handler, "page", telemetry.WithMeterProvider(meters))()
	server := httptest.NewServer(handler)
	defer server.Close()
	request, err := http.NewRequestWithContext(context.Background(), http.MethodGet, server.URL, nil)
	require.NoError(t, err)
	response, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	defer response.Body.Close()
	for lines := bufio.NewScanner(response.Body); lines.Scan(); {
	}
	require.Eventually(t, func() bool {
		return metrictest.Collect(reader)["rivulet.sink.clients.active rivulet.sink.name=page"] == 0
	}, waitLimit, waitTick)
	all := metrictest.Of(metrictest.Collect(reader), "rivulet.sink.")
	require.EqualValues(t, 1, all["clients.served rivulet.sink.name=page"])
	require.EqualValues(t, 2, all["events.published rivulet.sink.name=page"])
	require.EqualValues(t, 2, all["events.sent rivulet.sink.name=page"])
}
