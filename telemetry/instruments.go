package telemetry

import (
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/semconv/v1.43.0/messagingconv"
)

// instruments are the instruments of a meter.
type instruments struct {
	items, redeliveries, connects metric.Int64ObservableCounter
	runs, connections             metric.Int64ObservableUpDownCounter
	age                           metric.Float64ObservableGauge
	consumed, sent                metric.Int64ObservableCounter
	clients                       metric.Int64ObservableUpDownCounter
	sink                          []metric.Int64ObservableCounter // of sinkCounters

	retries                                             metric.Int64Counter
	runDuration, consumerDuration, lag, processDuration metric.Float64Histogram

	observables []metric.Observable
}

// Boundaries of histograms, in seconds. A run may take days, a stage microseconds.
var (
	runBoundaries      = []float64{.001, .01, .1, 1, 10, 60, 600, 3600, 6 * 3600, 24 * 3600, 7 * 24 * 3600}
	consumerBoundaries = []float64{1e-6, 1e-5, 1e-4, .001, .01, .1, 1, 10}
	lagBoundaries      = []float64{.001, .01, .05, .1, .5, 1, 5, 10, 60, 600, 3600, 24 * 3600}
	processBoundaries  = []float64{.005, .01, .025, .05, .075, .1, .25, .5, .75, 1, 2.5, 5, 7.5, 10} // of the conventions
)

func newInstruments(meter metric.Meter) *instruments {
	b := builder{Meter: meter}
	var consumed messagingconv.ClientConsumedMessages
	var sent messagingconv.ClientSentMessages
	var processed messagingconv.ProcessDuration
	i := &instruments{
		items:        b.counter("rivulet.stream.items", "{item}", "Number of items that were emitted."),
		redeliveries: b.counter("rivulet.stream.redeliveries", "{item}", "Number of items that were delivered before."),
		runs:         b.upDownCounter("rivulet.stream.runs.active", "{run}", "Number of runs that have not ended."),
		age: b.gauge("rivulet.stream.last_item.age", "s",
			"Time since the last item, or since the first run began, while there is an active run."),
		connects:    b.counter("rivulet.connection.connects", "{connection}", "Number of connections that were opened."),
		connections: b.upDownCounter("rivulet.connection.count", "{connection}", "Number of connections, by state."),
		retries: b.syncCounter("rivulet.connection.retries", "{retry}",
			"Number of attempts that failed, and of connections that were lost, and were retried."),
		runDuration: b.histogram("rivulet.stream.run.duration", "Duration of the runs that have ended.", runBoundaries),
		consumerDuration: b.histogram("rivulet.stream.consumer.duration",
			"Time that downstream needed for an item; some items only.", consumerBoundaries),
		lag: b.histogram("rivulet.stream.lag", "Time from an item's timestamp to its emission; some items only.",
			lagBoundaries),
		consumed:        b.counter(consumed.Name(), consumed.Unit(), consumed.Description()),
		sent:            b.counter(sent.Name(), sent.Unit(), sent.Description()),
		processDuration: b.histogram(processed.Name(), processed.Description(), processBoundaries),
		clients:         b.upDownCounter("rivulet.sink.clients.active", "{client}", "Number of clients being served."),
	}
	for _, c := range sinkCounters {
		i.sink = append(i.sink, b.counter(c.name, c.unit, c.description))
	}
	i.observables = b.observables
	return i
}

// builder makes instruments and collects those that are observed.
type builder struct {
	metric.Meter
	observables []metric.Observable
}

func (b *builder) counter(name, unit, description string) metric.Int64ObservableCounter {
	c, err := b.Int64ObservableCounter(name, metric.WithUnit(unit), metric.WithDescription(description))
	return observed(b, c, err)
}

func (b *builder) upDownCounter(name, unit, description string) metric.Int64ObservableUpDownCounter {
	c, err := b.Int64ObservableUpDownCounter(name, metric.WithUnit(unit), metric.WithDescription(description))
	return observed(b, c, err)
}

func (b *builder) gauge(name, unit, description string) metric.Float64ObservableGauge {
	g, err := b.Float64ObservableGauge(name, metric.WithUnit(unit), metric.WithDescription(description))
	return observed(b, g, err)
}

func (b *builder) syncCounter(name, unit, description string) metric.Int64Counter {
	c, err := b.Int64Counter(name, metric.WithUnit(unit), metric.WithDescription(description))
	return reported(c, err)
}

func (b *builder) histogram(name, description string, boundaries []float64) metric.Float64Histogram {
	h, err := b.Float64Histogram(name, metric.WithUnit("s"), metric.WithDescription(description),
		metric.WithExplicitBucketBoundaries(boundaries...))
	return reported(h, err)
}

func observed[I metric.Observable](b *builder, instrument I, err error) I {
	b.observables = append(b.observables, instrument)
	return reported(instrument, err)
}

// reported returns the instrument, which does nothing if there is an error, and leaves the error to OpenTelemetry.
func reported[I any](instrument I, err error) I {
	if err != nil {
		otel.Handle(err)
	}
	return instrument
}
