// Package metrictest collects metrics for tests.
package metrictest

import (
	"context"
	"fmt"
	"strings"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
)

// NewMeter returns a provider of the SDK and the reader that collects its metrics.
func NewMeter() (*metric.MeterProvider, *metric.ManualReader) {
	reader := metric.NewManualReader()
	return metric.NewMeterProvider(metric.WithReader(reader)), reader
}

// Collect returns all metrics by name and attributes, such as "rivulet.stream.items rivulet.stream.name=a". A histogram
// has two, with " count" and " sum" at the end.
func Collect(reader metric.Reader) map[string]float64 {
	var all metricdata.ResourceMetrics
	if err := reader.Collect(context.Background(), &all); err != nil {
		panic(err)
	}
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

// Of returns the metrics of found whose key begins with a prefix, without it.
func Of(found map[string]float64, prefix string) map[string]float64 {
	selected := map[string]float64{}
	for key, value := range found {
		if rest, ok := strings.CutPrefix(key, prefix); ok {
			selected[rest] = value
		}
	}
	return selected
}
