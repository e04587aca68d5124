package telemetry_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"github.com/rivulet-go/rivulet/internal/connect"
	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/retry"
	"github.com/rivulet-go/rivulet/source"
	"github.com/rivulet-go/rivulet/telemetry"
	"github.com/rivulet-go/rivulet/telemetry/internal/metrictest"
)

// connecting is a source that connects, like those of source, websocket and durable. Each script is an attempt: whether
// it opens a connection after a second, and how that ends after a minute.
func connecting(scripts ...script) numbers {
	return func(ctx context.Context, emit func(int) bool) error {
		a := connect.New("test", "test://h/", connect.Config{Policy: retry.Policy{InitialDelay: 10 * time.Second, Jitter: -1}})
		n := 0
		return a.Run(ctx, func(ctx context.Context) error {
			now := scripts[n]
			n++
			if err := sleep(ctx, time.Second); err != nil || !now.opens {
				return errors.Join(err, now.err)
			}
			a.Opened()
			emit(n)
			if err := sleep(ctx, time.Minute); err != nil {
				return err
			}
			return now.err
		})
	}
}

type script struct {
	opens bool
	err   error
}

func sleep(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

func newTracer() (*trace.TracerProvider, *tracetest.SpanRecorder) {
	recorder := tracetest.NewSpanRecorder()
	return trace.NewTracerProvider(trace.WithSpanProcessor(recorder)), recorder
}

func TestConnections(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		meters, reader := metrictest.NewMeter()
		tracers, _ := newTracer()
		src := connecting(script{false, io.ErrUnexpectedEOF}, script{true, io.EOF}, script{true, nil})
		stream := instrumented(src, telemetry.WithMeterProvider(meters), telemetry.WithTracerProvider(tracers), telemetry.WithConnections())
		require.Empty(t, metrictest.Of(metrictest.Collect(reader), "rivulet.connection."), "there is no connection yet")

		first := stream.Subscribe(t.Context(), observable.Observer[int]{})
		states := func(connecting, open, connects float64) {
			t.Helper()
			synctest.Wait()
			all := metrictest.Of(metrictest.Collect(reader), "rivulet.connection.")
			require.Equal(t, connecting, all["count rivulet.connection.state=connecting rivulet.stream.name=test"])
			require.Equal(t, open, all["count rivulet.connection.state=open rivulet.stream.name=test"])
			require.Equal(t, connects, all["connects rivulet.stream.name=test"])
		}
		states(1, 0, 0)
		time.Sleep(15 * time.Second) // the second attempt began after 11 s
		states(0, 1, 1)
		second := stream.Subscribe(t.Context(), observable.Observer[int]{}) // the runs overlap
		states(1, 1, 1)
		time.Sleep(15 * time.Second)
		states(0, 2, 2)
		require.NoError(t, first.Wait())
		require.NoError(t, second.Wait())
		states(0, 0, 4)
		require.Equal(t, map[string]float64{"eof": 2, "unexpected_eof": 2},
			trimmed(metrictest.Of(metrictest.Collect(reader), "rivulet.connection.retries error.type=")))
	})
}

// trimmed removes the name of the stream from keys.
func trimmed(all map[string]float64) map[string]float64 {
	short := map[string]float64{}
	for key, value := range all {
		short[strings.TrimSuffix(key, " rivulet.stream.name=test")] = value
	}
	return short
}

func TestACanceledConnectionIsNotCounted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, after := range []time.Duration{time.Second / 2, 5 * time.Second} { // connecting, open
			meters, reader := metrictest.NewMeter()
			tracers, spans := newTracer()
			stream := instrumented(connecting(script{true, nil}), telemetry.WithMeterProvider(meters),
				telemetry.WithTracerProvider(tracers), telemetry.WithConnections())
			run := stream.Subscribe(t.Context(), observable.Observer[int]{})
			time.Sleep(after)
			run.Dispose()
			require.NoError(t, run.Wait())
			all := metrictest.Of(metrictest.Collect(reader), "rivulet.connection.")
			require.EqualValues(t, 0, all["count rivulet.connection.state=connecting rivulet.stream.name=test"])
			require.EqualValues(t, 0, all["count rivulet.connection.state=open rivulet.stream.name=test"])
			require.Len(t, spans.Ended(), 1)
			require.Equal(t, codes.Unset, spans.Ended()[0].Status().Code)
		}
	})
}

func TestTheNearestInstrumentHasTheConnections(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		meters, reader := metrictest.NewMeter()
		provider, connections := telemetry.WithMeterProvider(meters), telemetry.WithConnections()
		a := telemetry.Instrument(connecting(script{true, nil}), "a", provider, connections)
		b := telemetry.Instrument(connecting(script{true, nil}), "b", provider, connections)
		merged := telemetry.Instrument(operators.Merge(a, b, connecting(script{true, nil})), "merged", provider, connections)
		require.NoError(t, merged.ForEach(t.Context(), func(int) {}))
		all := metrictest.Collect(reader)
		require.Equal(t, map[string]float64{"a": 1, "b": 1, "merged": 1},
			metrictest.Of(all, "rivulet.connection.connects rivulet.stream.name="))
		require.Equal(t, map[string]float64{"a": 1, "b": 1, "merged": 3}, metrictest.Of(all, "rivulet.stream.items rivulet.stream.name="))
	})
}

func TestSpansOfAttempts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		meters, _ := metrictest.NewMeter()
		tracers, spans := newTracer()
		src := connecting(script{false, io.ErrUnexpectedEOF}, script{true, io.EOF}, script{true, nil})
		stream := instrumented(src, telemetry.WithMeterProvider(meters), telemetry.WithTracerProvider(tracers), telemetry.WithConnections())
		ctx, parent := tracers.Tracer("test").Start(t.Context(), "start")
		require.NoError(t, stream.ForEach(ctx, func(v int) {
			require.Len(t, spans.Ended(), v, "the span of an attempt has ended before its first item")
		}))
		ended := spans.Ended()
		require.Len(t, ended, 3, "no span for the run")
		for i, span := range ended {
			require.Equal(t, "connect test", span.Name())
			require.Equal(t, time.Second, span.EndTime().Sub(span.StartTime()), "up to the headers")
			if i == 0 {
				require.Equal(t, parent.SpanContext().SpanID(), span.Parent().SpanID())
				require.Equal(t, codes.Error, span.Status().Code)
				require.Contains(t, fmt.Sprint(span.Attributes()), "unexpected_eof")
				continue
			}
			require.False(t, span.Parent().IsValid())
			require.Equal(t, parent.SpanContext().SpanID(), span.Links()[0].SpanContext.SpanID())
			require.Equal(t, codes.Unset, span.Status().Code)
		}
	})
}

// The same with a real event source, whose server fails, loses the connection, and then completes.
func TestAnEventSource(t *testing.T) {
	var requests atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch requests.Add(1) {
		case 1:
			w.WriteHeader(http.StatusServiceUnavailable)
		case 2:
			w.Header().Set("Content-Type", "text/event-stream")
			_, _ = io.WriteString(w, "data: 1\n\ndata: 2\n\n")
		default:
			w.WriteHeader(http.StatusNoContent)
		}
	}))
	defer server.Close()
	meters, reader := metrictest.NewMeter()
	tracers, spans := newTracer()
	stream := telemetry.Instrument(
		source.FromEventSource[int](server.URL+"/secret", source.WithRetry(retry.Policy{InitialDelay: -1})),
		"feed", telemetry.WithMeterProvider(meters), telemetry.WithTracerProvider(tracers), telemetry.WithConnections())
	require.NoError(t, stream.ForEach(t.Context(), func(source.Event[int]) {}))
	all := metrictest.Collect(reader)
	require.Equal(t, map[string]float64{
		"connects rivulet.stream.name=feed":                                  1,
		"count rivulet.connection.state=connecting rivulet.stream.name=feed": 0,
		"count rivulet.connection.state=open rivulet.stream.name=feed":       0,
		"retries error.type=503 rivulet.stream.name=feed":                    1,
		"retries error.type=eof rivulet.stream.name=feed":                    1,
	}, metrictest.Of(all, "rivulet.connection."))
	require.EqualValues(t, 2, all["rivulet.stream.items rivulet.stream.name=feed"])
	require.Len(t, spans.Ended(), 3)
	for _, span := range spans.Ended() {
		require.NotContains(t, fmt.Sprintf("%+v", tracetest.SpanStubFromReadOnlySpan(span)), "secret")
	}
	for name := range all {
		require.NotContains(t, name, "secret")
	}
}

// A transport that propagates the trace finds the span of the attempt.
func TestTheRequestHasTheSpanOfTheAttempt(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusNoContent) }))
	defer server.Close()
	meters, _ := metrictest.NewMeter()
	tracers, spans := newTracer()
	var seen string
	stream := telemetry.Instrument(source.FromEventSource[int](server.URL, source.WithRequest(func(r *http.Request) error {
		seen = spanOf(r.Context())
		return nil
	})), "feed", telemetry.WithMeterProvider(meters), telemetry.WithTracerProvider(tracers), telemetry.WithConnections())
	require.NoError(t, stream.ForEach(t.Context(), func(source.Event[int]) {}))
	require.Len(t, spans.Ended(), 1)
	require.Equal(t, spans.Ended()[0].SpanContext().SpanID().String(), seen)
}

func TestWithErrorType(t *testing.T) {
	meters, reader := metrictest.NewMeter()
	stream := instrumented(failing(1), telemetry.WithMeterProvider(meters),
		telemetry.WithErrorType(func(err error) string { return "my " + err.Error() }))
	require.ErrorIs(t, stream.ForEach(t.Context(), func(int) {}), errSource)
	require.Contains(t, metrictest.Collect(reader),
		"rivulet.stream.run.duration error.type=my broken rivulet.outcome=failed rivulet.stream.name=test count")
}

// A hook of the program panics while a source connects.
func TestTheSpanOfAnAttemptThatPanicsEnds(t *testing.T) {
	meters, reader := metrictest.NewMeter()
	tracers, spans := newTracer()
	src := source.FromEventSource[int]("http://localhost:1", source.WithRequest(func(*http.Request) error { panic("oops") }))
	stream := telemetry.Instrument(src, "feed", telemetry.WithMeterProvider(meters), telemetry.WithTracerProvider(tracers),
		telemetry.WithConnections())
	require.PanicsWithValue(t, "oops", func() { _ = stream.ForEach(t.Context(), func(source.Event[int]) {}) })
	require.Len(t, spans.Ended(), 1)
	const connecting = "rivulet.connection.count rivulet.connection.state=connecting rivulet.stream.name=feed"
	require.EqualValues(t, 0, metrictest.Collect(reader)[connecting])
}
