package telemetry

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/metric"
	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"
)

// scope is the name of the meter and of the tracer.
const scope = "github.com/rivulet-go/rivulet/telemetry"

// registries has the registry of each provider.
var registries = struct {
	sync.Mutex
	of map[metric.MeterProvider]*registry
}{of: map[metric.MeterProvider]*registry{}}

// registry has what is counted for a provider, by name. Its counters are not those of OpenTelemetry: adding to one of
// these costs more than most stages of a stream. They are read when the metrics are collected.
type registry struct {
	instruments *instruments
	created     time.Time
	collections atomic.Uint32 // how often the metrics were collected

	mu       sync.Mutex
	streams  map[string]*stream
	messages map[messagesKey]*messages
	handlers map[string]*handlers
}

func registryOf(provider metric.MeterProvider) *registry {
	registries.Lock()
	defer registries.Unlock()
	r := registries.of[provider]
	if r == nil {
		r = newRegistry(provider)
		registries.of[provider] = r
	}
	return r
}

func newRegistry(provider metric.MeterProvider) *registry {
	r := &registry{
		created:  time.Now(),
		streams:  map[string]*stream{},
		messages: map[messagesKey]*messages{},
		handlers: map[string]*handlers{},
	}
	meter := provider.Meter(scope, metric.WithSchemaURL(semconv.SchemaURL))
	r.instruments = newInstruments(meter)
	if _, err := meter.RegisterCallback(r.collect, r.instruments.observables...); err != nil {
		otel.Handle(err)
	}
	return r
}

// collect reports all counters.
func (r *registry) collect(_ context.Context, o metric.Observer) error {
	r.collections.Add(1) // first: an item from now on belongs to the next collection, and flushes those before it
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, s := range r.streams {
		s.observe(o)
	}
	for _, m := range r.messages {
		m.observe(o, r.instruments)
	}
	for _, h := range r.handlers {
		h.observe(o, r.instruments)
	}
	return nil
}

// now returns the time since the registry was created. It is never 0.
func (r *registry) now() time.Duration { return time.Since(r.created) + 1 }

// entry returns the entry of a map of r, which it makes if there is none.
func entry[K comparable, V any](r *registry, entries map[K]*V, key K, create func() *V) *V {
	r.mu.Lock()
	defer r.mu.Unlock()
	e := entries[key]
	if e == nil {
		e = create()
		entries[key] = e
	}
	return e
}
