package source

import (
	"sync"
	"time"
)

// WithResume makes a run go on where an earlier one ended: it begins with the last event ID of the latest run among
// all those with this very Option, as if [WithLastEventID] had named it, and with the reconnection time that the server
// has set in one of them. Without it each run is a new beginning.
//
// The runs of one Option should follow one another: those that run at once each go on from what either saw last.
// An event counts as seen when emit was called for it. [observable.Subscription.Dispose], called by another goroutine
// at that very moment, keeps it from Next all the same; a rivulet.Listener that is stopped does not.
func WithResume() Option {
	p := new(position)
	return func(s *settings) { s.position = p }
}

// position is the state that several runs share. The methods of a nil one do nothing.
type position struct {
	mu       sync.Mutex
	id       string
	known    bool // a run has begun
	retry    time.Duration
	hasRetry bool
}

// begin returns the ID to begin with: initial for the first run.
func (p *position) begin(initial string) string {
	if p == nil {
		return initial
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.known {
		p.id, p.known = initial, true
	}
	return p.id
}

func (p *position) set(id string) {
	if p != nil {
		p.mu.Lock()
		p.id = id
		p.mu.Unlock()
	}
}

// reconnectionTime is what the server has set in an earlier run, if it has.
func (p *position) reconnectionTime() (t time.Duration, ok bool) {
	if p == nil {
		return 0, false
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.retry, p.hasRetry
}

func (p *position) setReconnectionTime(t time.Duration, ok bool) {
	if p != nil && ok {
		p.mu.Lock()
		p.retry, p.hasRetry = t, true
		p.mu.Unlock()
	}
}
