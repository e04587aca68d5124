package telemetry_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/attribute"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/source"
)

type numbers = observable.Observable[int]

var errSource = errors.New("broken")

// newMeter returns a provider of the SDK and the reader that collects its metrics.
func newMeter() (*sdkmetric.MeterProvider, *sdkmetric.ManualReader) {
	reader := sdkmetric.NewManualReader()
	return sdkmetric.NewMeterProvider(sdkmetric.WithReader(reader)), reader
}

// collect returns all metrics by name and attributes, such as "rivulet.stream.items rivulet.stream.name=a". A histogram
// has two, with " count" and " sum" at the end.
func collect(t require.TestingT, reader sdkmetric.Reader) map[string]float64 {
	var all metricdata.ResourceMetrics
	require.NoError(t, reader.Collect(context.Background(), &all))
	found := map[string]float64{}
	for _, scope := range all.ScopeMetrics {
		for _, m := range scope.Metrics {
			add(found, m.Name, m.Data)
		}
	}
	return found
}

func add(found map[string]float64, name string, data metricdata.Aggregation) {
	switch data := data.(type) {
	case metricdata.Sum[int64]:
		for _, point := range data.DataPoints {
			found[key(name, point.Attributes)] = float64(point.Value)
		}
	case metricdata.Gauge[float64]:
		for _, point := range data.DataPoints {
			found[key(name, point.Attributes)] = point.Value
		}
	case metricdata.Histogram[float64]:
		for _, point := range data.DataPoints {
			found[key(name, point.Attributes)+" count"] = float64(point.Count)
			found[key(name, point.Attributes)+" sum"] = point.Sum
		}
	default:
		panic(fmt.Sprintf("%s is a %T", name, data))
	}
}

func key(name string, attributes attribute.Set) string {
	parts := []string{name}
	for _, a := range attributes.ToSlice() {
		parts = append(parts, fmt.Sprintf("%s=%v", a.Key, a.Value.AsInterface()))
	}
	return strings.Join(parts, " ")
}

// of returns the metrics of found whose key begins with a prefix, without it.
func of(found map[string]float64, prefix string) map[string]float64 {
	selected := map[string]float64{}
	for key, value := range found {
		if rest, ok := strings.CutPrefix(key, prefix); ok {
			selected[rest] = value
		}
	}
	return selected
}

func failing(values ...int) numbers {
	return func(ctx context.Context, emit func(int) bool) error {
		stopped := false
		err := source.Of(values...)(ctx, func(v int) bool {
			stopped = !emit(v)
			return !stopped
		})
		if err != nil || stopped {
			return err
		}
		return errSource
	}
}

func requirePanic(t *testing.T, message string, f func()) {
	t.Helper()
	require.PanicsWithValue(t, message, f)
}
