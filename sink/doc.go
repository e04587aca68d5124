// Package sink serves streams over HTTP as Server-Sent Events: [EventSource] serves one run of a stream to many clients,
// [Respond] answers one request with a stream of its own.
package sink
