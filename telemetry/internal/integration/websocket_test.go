package integration

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	ws "github.com/coder/websocket"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"github.com/rivulet-go/rivulet/retry"
	"github.com/rivulet-go/rivulet/telemetry"
	"github.com/rivulet-go/rivulet/telemetry/internal/metrictest"
	"github.com/rivulet-go/rivulet/websocket"
)

// The server refuses the first handshake, ends the second connection and closes the third for good.
func TestWebSocket(t *testing.T) {
	var requests atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n := requests.Add(1)
		if n == 1 {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		conn, err := ws.Accept(w, r, nil)
		if err != nil {
			return
		}
		_ = conn.Write(r.Context(), ws.MessageText, fmt.Append(nil, n))
		_ = conn.Close(map[int64]ws.StatusCode{2: ws.StatusGoingAway, 3: ws.StatusPolicyViolation}[n], "")
	}))
	defer server.Close()
	meters, reader := metrictest.NewMeter()
	spans := tracetest.NewSpanRecorder()
	prices := telemetry.Instrument(
		websocket.From[int]("ws"+strings.TrimPrefix(server.URL, "http")+"/secret",
			websocket.WithRetry(retry.Policy{InitialDelay: -1})),
		"prices", telemetry.WithConnections(), telemetry.WithMeterProvider(meters),
		telemetry.WithTracerProvider(trace.NewTracerProvider(trace.WithSpanProcessor(spans))))
	items, err := prices.Collect(t.Context())
	require.Len(t, items, 2)
	require.Equal(t, "websocket.CloseError", telemetry.ErrorType(err))

	all := metrictest.Collect(reader)
	require.Equal(t, map[string]float64{
		"connects rivulet.stream.name=prices":                                  2,
		"count rivulet.connection.state=connecting rivulet.stream.name=prices": 0,
		"count rivulet.connection.state=open rivulet.stream.name=prices":       0,
		"retries error.type=websocket.StatusError rivulet.stream.name=prices":  1,
		"retries error.type=websocket.CloseError rivulet.stream.name=prices":   1,
	}, metrictest.Of(all, "rivulet.connection."))
	require.Contains(t, all,
		"rivulet.stream.run.duration error.type=websocket.CloseError rivulet.outcome=failed rivulet.stream.name=prices count")
	require.Len(t, spans.Ended(), 3)
	for _, span := range spans.Ended() {
		require.Equal(t, "connect prices", span.Name())
		require.NotContains(t, fmt.Sprintf("%+v", tracetest.SpanStubFromReadOnlySpan(span)), "secret")
	}
}
