package connect

import (
	"sync"
	"time"
)

// Position is where the last run of a source has ended, and the reconnection time that its server has set. The next
// run with the same Position begins there. The zero value knows nothing. A Position is safe for concurrent use. A
// source without one uses nil: its Begin returns initial, it has no Delay, and the setters do nothing.
type Position[P any] struct {
	mu       sync.Mutex
	place    P
	begun    bool // a run has
	delay    time.Duration
	hasDelay bool
}

// Begin returns the place at which a run begins. For the first run that is initial.
func (p *Position[P]) Begin(initial P) P {
	if p == nil {
		return initial
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.begun {
		p.place, p.begun = initial, true
	}
	return p.place
}

// Place returns how far the latest run has come.
func (p *Position[P]) Place() P {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.place
}

// Set records how far a run has come.
func (p *Position[P]) Set(place P) {
	if p != nil {
		p.mu.Lock()
		p.place = place
		p.mu.Unlock()
	}
}

// Delay returns the reconnection time that a server has set, and whether one has.
func (p *Position[P]) Delay() (d time.Duration, ok bool) {
	if p == nil {
		return 0, false
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.delay, p.hasDelay
}

// SetDelay records the reconnection time that a server has set.
func (p *Position[P]) SetDelay(d time.Duration) {
	if p != nil {
		p.mu.Lock()
		p.delay, p.hasDelay = d, true
		p.mu.Unlock()
	}
}
