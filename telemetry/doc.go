// Package telemetry measures streams, their connections and sinks with OpenTelemetry.
//
//   - [Instrument] measures a stream: its items, runs and outcomes, and the connections of its source.
//   - [Handler] reports the counters of a sink.
//   - [Process] measures the processing of messages, with a span for each message if wanted.
//
// The package depends on the API of OpenTelemetry only. It uses the global providers of package otel unless the options
// say otherwise, and does nothing until a program sets an SDK up.
//
// # Metrics of a stream
//
// All have the attribute rivulet.stream.name.
//
//	rivulet.stream.items              {item}        counter, items that were emitted
//	rivulet.stream.runs.active        {run}         up-down counter, runs that have not ended
//	rivulet.stream.last_item.age      s             gauge, only while there is an active run
//	rivulet.stream.run.duration       s             histogram; rivulet.outcome, error.type
//	rivulet.stream.consumer.duration  s             histogram of some items, with WithConsumerDuration
//	rivulet.stream.lag                s             histogram of some items, with WithLag
//	rivulet.stream.redeliveries       {item}        counter, with WithDeliveries
//	rivulet.connection.connects       {connection}  counter, connections that were opened
//	rivulet.connection.retries        {retry}       counter, failed attempts and lost connections; error.type
//	rivulet.connection.count          {connection}  up-down counter; rivulet.connection.state = connecting, open
//
// The attribute rivulet.outcome is how a run has ended: completed; failed, with error.type; stopped by its consumer; or
// canceled, with error.type if cleaning up has failed. A source that waits to reconnect is connecting. A connection is
// counted when its source is run for the first time.
//
// # Metrics of a sink
//
// All have the attribute rivulet.sink.name. They are the fields of sink.Stats.
//
//	rivulet.sink.clients.active        {client}   up-down counter
//	rivulet.sink.clients.served        {client}   counter
//	rivulet.sink.clients.disconnected  {client}   counter, clients that were too slow
//	rivulet.sink.clients.replayed      {client}   counter
//	rivulet.sink.clients.caught_up     {client}   counter
//	rivulet.sink.clients.gaps          {client}   counter, clients that have missed events
//	rivulet.sink.requests.refused      {request}  counter
//	rivulet.sink.events.published      {event}    counter
//	rivulet.sink.events.sent           {event}    counter, counted for each client
//	rivulet.sink.sent                  By         counter
//
// # Metrics of messages
//
// These follow the messaging conventions of OpenTelemetry, semconv 1.43.0, whose status is Development. Their attributes
// are messaging.system, messaging.destination.name, messaging.operation.name and messaging.consumer.group.name.
//
//	messaging.client.consumed.messages  {message}  counter, with WithReceived
//	messaging.client.sent.messages      {message}  counter, with WithSent
//	messaging.process.duration          s          histogram, with Process; error.type
//
// # Spans
//
// An attempt to connect is a span "connect <name>", which ends when the connection is open or the attempt has failed.
// The request of the attempt has it in its context, so that an instrumented http.Client can propagate it. The first
// attempt of a run is a child of the span in the run's context, if any. A later attempt is the root of a trace of its
// own, with a link to that span. A run has no span, because a span that never ends is never exported.
//
// No metric and no span has a URL or the text of an error.
//
// # When to use this, and when not
//
// Use it for the streams that an operator on call must see: connections to others, sinks, workers. A stream inside a
// function needs no metrics of its own.
package telemetry
