package telemetry_test

import (
	"context"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/sdk/metric"

	"github.com/rivulet-go/rivulet/source"
	"github.com/rivulet-go/rivulet/telemetry"
	"github.com/rivulet-go/rivulet/telemetry/internal/metrictest"
)

// early is made before the global provider is set, which a process does once.
var early = telemetry.Instrument(source.Of(1, 2), "global")

var globalReader = sync.OnceValue(func() *metric.ManualReader {
	_ = early.ForEach(context.Background(), func(int) {}) // counts too
	meters, reader := metrictest.NewMeter()
	otel.SetMeterProvider(meters)
	return reader
})

// A stream may be made before the program has set the global provider, as a package variable is.
func TestTheGlobalProvider(t *testing.T) {
	counted := func() float64 {
		return metrictest.Collect(globalReader())["rivulet.stream.items rivulet.stream.name=global"]
	}
	before := counted()
	require.GreaterOrEqual(t, before, 2.)
	late := telemetry.Instrument(source.Of(1, 2, 3), "global")
	require.NoError(t, late.ForEach(t.Context(), func(int) {}))
	require.NoError(t, early.ForEach(t.Context(), func(int) {}))
	require.Equal(t, before+5, counted())
}
