package telemetry

import (
	"fmt"
	"time"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"
)

// InstrumentOption is an option of [Instrument].
type InstrumentOption interface{ instrument(*settings) }

// HandlerOption is an option of [Handler].
type HandlerOption interface{ handler(*settings) }

// ProcessOption is an option of [Process].
type ProcessOption interface{ process(*settings) }

// RunOption is an option of [Instrument] and [Process].
type RunOption interface {
	InstrumentOption
	ProcessOption
}

// Option is an option of all functions of this package. If an option is given more than once, the last one wins.
type Option interface {
	RunOption
	HandlerOption
}

type (
	option           func(*settings)
	runOption        func(*settings)
	instrumentOption func(*settings)
	processOption    func(*settings)
)

func (o option) instrument(s *settings)           { o(s) }
func (o option) process(s *settings)              { o(s) }
func (o option) handler(s *settings)              { o(s) }
func (o runOption) instrument(s *settings)        { o(s) }
func (o runOption) process(s *settings)           { o(s) }
func (o instrumentOption) instrument(s *settings) { o(s) }
func (o processOption) process(s *settings)       { o(s) }

type settings struct {
	meters     metric.MeterProvider
	tracers    trace.TracerProvider
	propagator propagation.TextMapPropagator
	errorType  func(error) string

	connections      bool
	consumerDuration bool
	lag              any // a func(T) time.Time; nil: none
	deliveries       any // a func(T) int; nil: none
	messages         *messagesKey

	header any // a func(A) map[string][]string; nil: no spans
}

func newSettings() *settings {
	return &settings{
		meters:     otel.GetMeterProvider(),
		tracers:    otel.GetTracerProvider(),
		propagator: otel.GetTextMapPropagator(),
		errorType:  ErrorType,
	}
}

// WithMeterProvider sets where the metrics go. The provider must be comparable, as pointers are, because streams with
// one name and one provider share their counters. They are kept until the program ends.
// Default: [otel.GetMeterProvider] at the time of the call.
func WithMeterProvider(provider metric.MeterProvider) Option {
	if provider == nil {
		panic("telemetry.WithMeterProvider: nil provider")
	}
	return option(func(s *settings) { s.meters = provider })
}

// WithTracerProvider sets where the spans go. Default: [otel.GetTracerProvider] at the time of the call.
func WithTracerProvider(provider trace.TracerProvider) RunOption {
	if provider == nil {
		panic("telemetry.WithTracerProvider: nil provider")
	}
	return runOption(func(s *settings) { s.tracers = provider })
}

// WithPropagator sets how [WithSpan] reads the producer's context from the headers of a message.
// Default: [otel.GetTextMapPropagator] at the time of the call.
func WithPropagator(propagator propagation.TextMapPropagator) ProcessOption {
	if propagator == nil {
		panic("telemetry.WithPropagator: nil propagator")
	}
	return processOption(func(s *settings) { s.propagator = propagator })
}

// WithErrorType sets the function that returns the attribute error.type of an error. It should return few different
// values, and no text that a server or a user has chosen. Default: [ErrorType].
func WithErrorType(errorType func(error) string) RunOption {
	if errorType == nil {
		panic("telemetry.WithErrorType: nil errorType")
	}
	return runOption(func(s *settings) { s.errorType = errorType })
}

// WithConnections measures the connections of the sources upstream, such as source.FromEventSource, websocket.From and
// durable.From: the metrics rivulet.connection.*. Each attempt to connect is a span, which ends when the connection is
// open. This holds for every source that runs with the context of the run, or with one derived from it. If two
// Instruments on one chain have the option, the connections count for the one nearer to the source.
func WithConnections() InstrumentOption {
	return instrumentOption(func(s *settings) { s.connections = true })
}

// WithConsumerDuration measures rivulet.stream.consumer.duration, the time that downstream needs for an item, for some
// items: see [Instrument].
func WithConsumerDuration() InstrumentOption {
	return instrumentOption(func(s *settings) { s.consumerDuration = true })
}

// WithLag measures rivulet.stream.lag, the time from timeOf(item) until now, for some items: see [Instrument]. An
// item whose time is zero is not measured, and a time in the future counts as 0. timeOf is called on the goroutine of
// the run. T must be the type of the items.
func WithLag[T any](timeOf func(T) time.Time) InstrumentOption {
	if timeOf == nil {
		panic("telemetry.WithLag: nil timeOf")
	}
	return instrumentOption(func(s *settings) { s.lag = timeOf })
}

// WithDeliveries counts rivulet.stream.redeliveries, the items that were delivered before. deliveries returns how often an
// item was delivered, like the Deliveries of a durable.Job, and is called for each item on the goroutine of the run. T
// must be the type of the items.
func WithDeliveries[T any](deliveries func(T) int) InstrumentOption {
	if deliveries == nil {
		panic("telemetry.WithDeliveries: nil deliveries")
	}
	return instrumentOption(func(s *settings) { s.deliveries = deliveries })
}

// WithReceived counts the items also as messaging.client.consumed.messages, as the messaging conventions of
// OpenTelemetry say: each item is a message that was received from d.
func WithReceived(d Destination) InstrumentOption {
	d.check("telemetry.WithReceived")
	return instrumentOption(func(s *settings) { s.messages = &messagesKey{d, receive} })
}

// WithSent counts the items also as messaging.client.sent.messages, as the messaging conventions of OpenTelemetry say:
// each item is the acknowledgement of a message that was sent to d.
func WithSent(d Destination) InstrumentOption {
	d.check("telemetry.WithSent")
	return instrumentOption(func(s *settings) { s.messages = &messagesKey{d, send} })
}

// WithSpan starts a span for each call of the function. The span has a link to the producer's context, if
// [WithPropagator] finds one in header(message), and is in the context that the function gets. header may return nil. A
// must be the type of the messages. Default: no spans.
func WithSpan[A any](header func(message A) map[string][]string) ProcessOption {
	if header == nil {
		panic("telemetry.WithSpan: nil header")
	}
	return processOption(func(s *settings) { s.header = header })
}

// functionOf returns the function that an option has, as the type that the stream has it in. It returns nil if the option
// was not given.
func functionOf[F any](caller, option string, f any) (typed F) {
	if f == nil {
		return typed
	}
	typed, ok := f.(F)
	if !ok {
		panic(fmt.Sprintf("%s: %s has a %T, not a %T", caller, option, f, typed))
	}
	return typed
}
