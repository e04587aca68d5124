package telemetry

import (
	"sync/atomic"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"
)

// Destination is where messages are sent and received: the attributes that the messaging conventions of OpenTelemetry
// demand. Its texts should have few different values.
type Destination struct {
	System        string // messaging.system, such as "nats"
	Name          string // messaging.destination.name: the stream, topic or queue
	ConsumerGroup string // messaging.consumer.group.name: the name of a shared worker, or ""
}

func (d Destination) check(function string) {
	if d.System == "" || d.Name == "" {
		panic(function + ": Destination without System or Name")
	}
}

// operation is the attribute messaging.operation.name.
type operation string

const (
	receive operation = "receive"
	send    operation = "send"
	process operation = "process"
)

// messagesKey names a counter of messages.
type messagesKey struct {
	Destination
	operation operation
}

func (k messagesKey) attributes() []attribute.KeyValue {
	attributes := []attribute.KeyValue{
		semconv.MessagingSystemKey.String(k.System),
		semconv.MessagingDestinationName(k.Name),
		semconv.MessagingOperationName(string(k.operation)),
	}
	if k.ConsumerGroup != "" {
		attributes = append(attributes, semconv.MessagingConsumerGroupName(k.ConsumerGroup))
	}
	return attributes
}

// messages counts the messages of a key.
type messages struct {
	key        messagesKey
	attributes metric.MeasurementOption
	count      atomic.Int64
}

func (r *registry) messagesOf(key messagesKey) *messages {
	return entry(r, r.messages, key, func() *messages {
		return &messages{key: key, attributes: attributes(key.attributes()...)}
	})
}

func (m *messages) observe(o metric.Observer, i *instruments) {
	counter := i.consumed
	if m.key.operation == send {
		counter = i.sent
	}
	o.ObserveInt64(counter, m.count.Load(), m.attributes)
}
