package source

import "github.com/rivulet-go/rivulet/internal/connect"

// Position is how far a stream has been read: the last event ID, and the reconnection time that the server has set. See
// [WithPosition]. The zero value is the beginning. A Position is safe for concurrent use.
type Position struct {
	connected connect.Position[string]
}

// LastEventID returns the ID of the last event that was handled, or a later ID that came without an event. It is empty
// if there was none. An event is handled when emit has been called for it.
func (p *Position) LastEventID() string { return p.connected.Place() }

// WithPosition makes each run begin where the last run with the same Position has ended: it resumes after p's last
// event ID and waits, before it reconnects, as long as the server has asked for. The first run with p begins with the
// ID of [WithLastEventID]. Without this option each run is a new beginning.
//
// Runs with the same Position must follow one another; concurrent runs would overwrite each other's position. If
// another goroutine calls [observable.Subscription.Dispose] while an event is emitted, that event counts as handled
// although Next may not be called for it; a rivulet.Listener always calls OnMessage.
func WithPosition(p *Position) Option {
	if p == nil {
		panic("source.WithPosition: nil Position")
	}
	return func(s *settings) { s.position = &p.connected }
}
