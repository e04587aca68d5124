// Package sse decodes Server-Sent Events: bytes in, events out.
package sse

// Event is one dispatched event.
type Event struct {
	ID   string // the last event ID
	Type string
	Data []byte // valid until the next call of Next
}
