// Package sink serves streams over HTTP as Server-Sent Events: [EventSource] serves one run of a stream to many clients,
// [Respond] answers one request with a stream of its own.
//
// # When to use this, and when not
//
// Use EventSource if many clients receive the same stream, such as prices or presence. Use Respond if each request has a
// stream of its own, such as the answer of a language model. Use a WebSocket if clients also send while they receive. A hub
// with topics and a protocol for publishers in other languages is a program of its own, such as Mercure.
package sink
