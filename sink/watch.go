package sink

import (
	"math"
	"sync"
	"time"
)

// watch has the open responses of a handler, and one timer for all of them. It wakes a response when a heartbeat is due
// and ends one in which a write takes too long.
type watch struct {
	begun     time.Time
	heartbeat time.Duration // 0 for none
	timeout   time.Duration // of a write; 0 for none
	counters  counters
	grain     time.Duration // how much earlier a heartbeat may be sent, so that one look wakes many responses

	mu    sync.Mutex
	open  responses
	timer *time.Timer // nil while no response is open
}

func newWatch(heartbeat, timeout time.Duration) *watch {
	w := &watch{begun: time.Now(), heartbeat: heartbeat, timeout: timeout}
	w.open.place = func(p *response) *int32 { return &p.inWatch }
	w.grain = min(w.limit(false), w.limit(true)) / 64
	return w
}

// now returns the time, in the unit of lastActivity.
func (w *watch) now() int64 { return int64(time.Since(w.begun)) }

// limit returns how long a write, or the silence between two, may last.
func (w *watch) limit(writing bool) time.Duration {
	limit := w.heartbeat
	if writing {
		limit = w.timeout
	}
	if limit == 0 {
		return math.MaxInt64
	}
	return limit
}

// silent reports whether a heartbeat is due.
func (w *watch) silent(p *response) bool {
	at, _ := p.lastActivity()
	return w.heartbeat > 0 && time.Duration(w.now()-at) >= w.heartbeat-w.grain
}

// enter adds a response, unless there are as many as limit already. A limit of 0 is none.
func (w *watch) enter(p *response, limit int) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if limit > 0 && len(w.open.all) >= limit {
		return false
	}
	w.open.add(p)
	if w.timer == nil {
		w.timer = time.AfterFunc(min(w.limit(false), w.limit(true)), w.look)
	}
	return true
}

func (w *watch) leave(p *response) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.open.remove(p)
	if len(w.open.all) == 0 {
		w.timer.Stop()
		w.timer = nil
	}
}

func (w *watch) count() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.open.all)
}

// endAll ends all responses.
func (w *watch) endAll() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, p := range w.open.all {
		p.end(ending)
	}
}

// look looks at all responses. The next look is when the first of them is due, but not within a grain, because a look
// costs some nanoseconds for each response.
func (w *watch) look() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.timer == nil {
		return
	}
	now, next := w.now(), min(w.limit(false), w.limit(true))
	for _, p := range w.open.all {
		at, writing := p.lastActivity()
		left := w.limit(writing) - time.Duration(now-at)
		switch {
		case writing && left <= 0:
			p.end(tooSlow)
		case writing:
			p.endIfGone()
			next = min(next, left, grace)
		case left <= w.grain:
			p.poke()
		default:
			next = min(next, left)
		}
	}
	w.timer.Reset(max(next, w.grain))
}
