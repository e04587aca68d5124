package telemetry_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel"

	"github.com/rivulet-go/rivulet/source"
	"github.com/rivulet-go/rivulet/telemetry"
	"github.com/rivulet-go/rivulet/telemetry/internal/metrictest"
)

// A stream may be made before the program has set the global provider, as a package variable is.
func TestTheGlobalProvider(t *testing.T) {
	early := telemetry.Instrument(source.Of(1, 2), "global")
	require.NoError(t, early.ForEach(t.Context(), func(int) {}))
	meters, reader := metrictest.NewMeter()
	otel.SetMeterProvider(meters)
	late := telemetry.Instrument(source.Of(1, 2, 3), "global")
	require.NoError(t, late.ForEach(t.Context(), func(int) {}))
	require.NoError(t, early.ForEach(t.Context(), func(int) {}))
	require.EqualValues(t, 7, metrictest.Collect(reader)["rivulet.stream.items rivulet.stream.name=global"])
}
