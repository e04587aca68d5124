package telemetry

import (
	"sync/atomic"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
)

const (
	nameKey    = attribute.Key("rivulet.stream.name")
	outcomeKey = attribute.Key("rivulet.outcome")
	stateKey   = attribute.Key("rivulet.connection.state")
)

// stream has what is counted for all streams of a name.
type stream struct {
	*registry
	name       attribute.KeyValue
	attributes metric.MeasurementOption // the name
	recorded   []metric.RecordOption    // the same, made once: a variadic argument allocates

	items        atomic.Int64
	redeliveries atomic.Int64
	runs         atomic.Int64 // that are active
	last         atomic.Int64 // when the last item came or the first run began, by registry.now; 0 before

	connects   atomic.Int64
	connecting atomic.Int64 // sources that are connecting
	open       atomic.Int64 // sources that have a connection

	hasDeliveries  atomic.Bool // redeliveries are counted
	hasConnections atomic.Bool // a source has connected
}

func (r *registry) stream(name string) *stream {
	return entry(r, r.streams, name, func() *stream {
		s := &stream{registry: r, name: nameKey.String(name)}
		s.attributes = s.with()
		s.recorded = []metric.RecordOption{s.attributes}
		return s
	})
}

// with returns the attributes of the stream together with others.
func (s *stream) with(others ...attribute.KeyValue) metric.MeasurementOption {
	return attributes(append(others, s.name)...)
}

func attributes(all ...attribute.KeyValue) metric.MeasurementOption {
	return metric.WithAttributeSet(attribute.NewSet(all...))
}

func (s *stream) observe(o metric.Observer) {
	i := s.instruments
	named := s.attributes
	o.ObserveInt64(i.items, s.items.Load(), named)
	runs := s.runs.Load()
	o.ObserveInt64(i.runs, runs, named)
	if last := s.last.Load(); runs > 0 && last != 0 {
		o.ObserveFloat64(i.age, (s.now() - time.Duration(last)).Seconds(), named)
	}
	if s.hasDeliveries.Load() {
		o.ObserveInt64(i.redeliveries, s.redeliveries.Load(), named)
	}
	if s.hasConnections.Load() {
		o.ObserveInt64(i.connects, s.connects.Load(), named)
		o.ObserveInt64(i.connections, s.connecting.Load(), attributes(s.name, stateKey.String("connecting")))
		o.ObserveInt64(i.connections, s.open.Load(), attributes(s.name, stateKey.String("open")))
	}
}
