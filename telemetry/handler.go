package telemetry

import (
	"sync"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"

	"github.com/rivulet-go/rivulet/sink"
)

// sinkCounters are the counters of a sink.
var sinkCounters = []struct {
	name, unit, description string
	of                      func(*sink.Stats) *int64
}{
	{"rivulet.sink.clients.served", "{client}", "Number of clients that were sent a response of events.",
		func(s *sink.Stats) *int64 { return &s.Served }},
	{"rivulet.sink.clients.disconnected", "{client}", "Number of clients that were disconnected as too slow.",
		func(s *sink.Stats) *int64 { return &s.Disconnected }},
	{"rivulet.sink.clients.replayed", "{client}", "Number of clients that began with events that were kept.",
		func(s *sink.Stats) *int64 { return &s.Replayed }},
	{"rivulet.sink.clients.caught_up", "{client}", "Number of clients that entered the stream from a history.",
		func(s *sink.Stats) *int64 { return &s.CaughtUp }},
	{"rivulet.sink.clients.gaps", "{client}", "Number of clients that have missed events.",
		func(s *sink.Stats) *int64 { return &s.Gaps }},
	{"rivulet.sink.requests.refused", "{request}", "Number of requests that were answered with an error.",
		func(s *sink.Stats) *int64 { return &s.Refused }},
	{"rivulet.sink.events.published", "{event}", "Number of events of the stream.",
		func(s *sink.Stats) *int64 { return &s.Published }},
	{"rivulet.sink.events.sent", "{event}", "Number of events written to clients, counted for each client.",
		func(s *sink.Stats) *int64 { return &s.Sent }},
	{"rivulet.sink.sent", "By", "Number of bytes written to clients, without those of HTTP.",
		func(s *sink.Stats) *int64 { return &s.Bytes }},
}

// handlers are the sinks of one name.
type handlers struct {
	attributes metric.MeasurementOption
	ended      sink.Stats // of those that were unregistered, so that no counter falls
	active     map[*handler]bool
}

type handler struct{ statser }

type statser interface{ Stats() sink.Stats }

// Handler reports the counters of a sink, such as the [sink.Handler] that sink.EventSource returns. The attribute
// rivulet.sink.name of all its metrics is name, so it should be one of few. Sinks with the same name are counted
// together. The package documentation lists the metrics.
//
// The sink is kept until unregister is called, which should happen after the sink is closed. unregister may be called
// more than once. Handler costs nothing until the metrics are collected; Stats is called then.
func Handler(h interface{ Stats() sink.Stats }, name string, opts ...HandlerOption) (unregister func()) {
	if h == nil || name == "" {
		panic("telemetry.Handler: nil handler or empty name")
	}
	s := newSettings()
	for _, opt := range opts {
		if opt == nil {
			panic("telemetry.Handler: nil option")
		}
		opt.handler(s)
	}
	r := registryOf(s.meters)
	all := entry(r, r.handlers, name, func() *handlers {
		return &handlers{
			attributes: attributes(attribute.String("rivulet.sink.name", name)),
			active:     map[*handler]bool{},
		}
	})
	registered := &handler{h}
	r.mu.Lock()
	defer r.mu.Unlock()
	all.active[registered] = true
	return sync.OnceFunc(func() { all.remove(r, registered) })
}

// remove keeps the last counters of a sink, but not the sink.
func (hs *handlers) remove(r *registry, h *handler) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(hs.active, h)
	stats := h.Stats()
	stats.Clients = 0
	hs.ended = sum(hs.ended, stats)
}

func (hs *handlers) observe(o metric.Observer, i *instruments) {
	total := hs.ended
	for h := range hs.active {
		total = sum(total, h.Stats())
	}
	o.ObserveInt64(i.clients, int64(total.Clients), hs.attributes)
	for n, c := range sinkCounters {
		o.ObserveInt64(i.sink[n], *c.of(&total), hs.attributes)
	}
}

func sum(a, b sink.Stats) sink.Stats {
	a.Clients += b.Clients
	for _, c := range sinkCounters {
		*c.of(&a) += *c.of(&b)
	}
	return a
}
