package telemetry

import (
	"context"
	"time"

	"github.com/rivulet-go/rivulet/observable"
)

// Instrument measures the runs of a stream and leaves the stream unchanged. Streams with the same name are counted
// together. name is the attribute rivulet.stream.name of all metrics, so it should be one of few, and never a URL or a
// subject. The package documentation lists the metrics.
//
// # Cost and precision
//
// Instrument adds about a nanosecond to an item of a fast stream, and allocates nothing for an item. To this end a run
// adds to the counter of items not one by one, but in batches. A batch is less than 1 % of the items of the run since the
// metrics were last collected, and at most 256 items. So what is collected is exact for a run that has emitted up to 255
// items since the last collection, and for one that has ended. A faster run that is silent now has emitted up to 1 %
// more, and at most 255 more.
//
// The gauge rivulet.stream.last_item.age, [WithConsumerDuration] and [WithLag] look at some items only: at the first 16
// after each collection, then at one after every 16th part of the items since the collection, at the latest at every
// 768th item.
//
// Instrument starts no goroutine and buffers nothing.
func Instrument[T any](src observable.Observable[T], name string, opts ...InstrumentOption) observable.Observable[T] {
	if src == nil || name == "" {
		panic("telemetry.Instrument: nil source or empty name")
	}
	s := newSettings()
	for _, opt := range opts {
		if opt == nil {
			panic("telemetry.Instrument: nil option")
		}
		opt.instrument(s)
	}
	m := newMeasurement[T](s, name)
	return func(ctx context.Context, emit func(T) bool) (err error) {
		r := m.begin()
		returned := false
		defer func() { r.end(ctx, err, returned) }()
		send := m.counting(emit)
		sendSampled := m.sampled(ctx, send)
		err = src(r.withHooks(ctx), func(v T) bool {
			if r.left--; (r.left <= 0 || r.collection != r.collections.Load()) && r.flush() {
				return sendSampled(v) || r.stop()
			}
			return send(v) || r.stop()
		})
		returned = true
		return err
	}
}

// measurement is what the options of an Instrument ask for.
type measurement[T any] struct {
	*settings
	stream     *stream
	messages   *messages         // nil: none
	lag        func(T) time.Time // nil: not measured
	deliveries func(T) int       // nil: not counted
}

func newMeasurement[T any](s *settings, name string) *measurement[T] {
	const caller = "telemetry.Instrument"
	m := &measurement[T]{
		settings:   s,
		lag:        functionOf[func(T) time.Time](caller, "WithLag", s.lag),
		deliveries: functionOf[func(T) int](caller, "WithDeliveries", s.deliveries),
	}
	r := registryOf(s.meters)
	m.stream = r.stream(name)
	if s.messages != nil {
		m.messages = r.messagesOf(*s.messages)
	}
	if m.deliveries != nil {
		m.stream.hasDeliveries.Store(true)
	}
	return m
}

func (m *measurement[T]) begin() *run {
	m.stream.runs.Add(1)
	m.stream.last.CompareAndSwap(0, int64(m.stream.now()))
	return &run{
		settings: m.settings, stream: m.stream, collections: &m.stream.collections, messages: m.messages,
		began: m.stream.now(),
	}
}

// counting returns an emit that counts redeliveries.
func (m *measurement[T]) counting(emit func(T) bool) func(T) bool {
	if m.deliveries == nil {
		return emit
	}
	return func(v T) bool {
		if m.deliveries(v) > 1 {
			m.stream.redeliveries.Add(1)
		}
		return emit(v)
	}
}

// sampled returns an emit that measures what the options ask for.
func (m *measurement[T]) sampled(ctx context.Context, emit func(T) bool) func(T) bool {
	if m.consumerDuration {
		emit = m.timing(ctx, emit)
	}
	if m.lag == nil {
		return emit
	}
	return func(v T) bool {
		if t := m.lag(v); !t.IsZero() {
			m.stream.instruments.lag.Record(ctx, max(0, time.Since(t).Seconds()), m.stream.recorded...)
		}
		return emit(v)
	}
}

func (m *measurement[T]) timing(ctx context.Context, emit func(T) bool) func(T) bool {
	return func(v T) bool {
		began := time.Now()
		more := emit(v)
		m.stream.instruments.consumerDuration.Record(ctx, time.Since(began).Seconds(), m.stream.recorded...)
		return more
	}
}
