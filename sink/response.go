package sink

import (
	"errors"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// response is the HTTP side of a client: it writes, with a time limit, and ends when it must.
//
// One goroutine writes: that of the request. Any other may call end, which ends a write as well.
type response struct {
	http.ResponseWriter
	server   *server
	watch    *watch
	place    int             // in watch.open
	wake     chan struct{}   // has a token when there may be something to do
	gone     <-chan struct{} // closed when the request has ended
	activity atomic.Int64    // see started and idle
	reason   atomic.Int32    // why the response must end; a reason
	broken   error           // with which writing has failed

	limited bool // the deadline is set for the last time
	mu      sync.Mutex
}

// reason is why a response must end.
type reason = int32

const (
	none     reason = iota
	ending          // the request, the handler or the right of the client has ended
	shutDown        // the server is shutting down
	tooSlow         // the client has too much waiting, or a write has taken too long
)

// grace is how long a client has to accept what is on its way when its response is to end.
const grace = time.Second

// init makes p the response to a request, which ends when the request does or the server is shut down. It must be
// finished.
func (p *response) init(w http.ResponseWriter, r *http.Request, watch *watch) {
	p.ResponseWriter = w
	p.server = serverOf(r)
	p.watch = watch
	p.wake = make(chan struct{}, 1)
	p.gone = r.Context().Done()
	p.activity.Store(watch.now() << 1)
	p.server.enter(p)
}

// wait waits until it was woken or the request has ended.
func (p *response) wait() {
	select {
	case <-p.wake:
	case <-p.gone:
		p.end(ending)
	}
}

// waitUntil is like wait, but no longer than until t.
func (p *response) waitUntil(t time.Time) {
	timer := time.AfterFunc(time.Until(t), p.poke)
	defer timer.Stop()
	p.wait()
}

// errCannotFlush is the error of a response that cannot flush.
var errCannotFlush = fmt.Errorf(
	"rivulet: this http.ResponseWriter cannot flush; a middleware must have Unwrap or Flush: %w", http.ErrNotSupported)

// open sends the header. It returns false if the client has gone or, with nothing sent, if the response cannot flush.
func (p *response) open() bool {
	p.setDeadline(time.Time{}) // instead of that of the server
	p.started()
	return p.flush()
}

// send writes bytes. It returns false if the client has gone or must go.
func (p *response) send(wire []byte) bool {
	p.started()
	switch p.reason.Load() {
	case tooSlow:
		return false
	case ending, shutDown:
		p.limit()
	}
	n, err := p.Write(wire)
	p.watch.counters.bytes.Add(int64(n))
	return p.check(err)
}

// flush sends what was written, within the time that the last send has begun.
func (p *response) flush() bool {
	err := http.NewResponseController(p.ResponseWriter).Flush()
	p.idle()
	return p.check(err)
}

// check keeps the first error of writing. It reports whether err is nil.
func (p *response) check(err error) bool {
	switch {
	case err == nil:
		return true
	case p.broken != nil:
	case errors.Is(err, http.ErrNotSupported):
		p.broken = errCannotFlush
	default:
		p.broken = fmt.Errorf("rivulet: writing a response: %w", err)
	}
	return false
}

// started notes that a write begins, which watch limits in time, and idle that none is under way. The activity is the
// time of the last write, in units of watch.now, shifted by one; its lowest bit is set while a write is under way.
func (p *response) started() { p.activity.Store(p.watch.now()<<1 | 1) }

func (p *response) idle() { p.activity.Store(p.activity.Load() &^ 1) }

// lastActivity returns when the last write began, and whether it is still under way.
func (p *response) lastActivity() (at int64, writing bool) {
	a := p.activity.Load()
	return a >> 1, a&1 != 0
}

// end makes the response end: at once if the client is too slow, otherwise within a second. Only the first reason
// counts. It does not wait.
func (p *response) end(why reason) {
	if !p.reason.CompareAndSwap(none, why) {
		return
	}
	p.poke()
	// A write that begins later sees the reason, as it looks for that when it has noted its beginning.
	if _, writing := p.lastActivity(); writing {
		go p.limit() // setting a deadline may wait for the connection
	}
}

func (p *response) mustEnd() bool { return p.reason.Load() != none }

// endIfGone ends the response if the request has ended, which nobody else notices while a write hangs.
func (p *response) endIfGone() {
	select {
	case <-p.gone:
		p.end(ending)
	default:
	}
}

// poke wakes the goroutine of the request.
func (p *response) poke() {
	select {
	case p.wake <- struct{}{}:
	default:
	}
}

// limit sets the last deadline, that of a response that must end.
func (p *response) limit() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.limited {
		return
	}
	p.limited = true
	switch p.reason.Load() {
	case none:
		if p.watch.timeout > 0 {
			p.setDeadline(time.Now().Add(p.watch.timeout))
		}
	case ending, shutDown:
		p.setDeadline(time.Now().Add(grace))
	case tooSlow:
		p.setDeadline(time.Now())
	}
}

// finish limits what net/http has still to write. Nobody touches the response afterwards: net/http uses it again, for
// another request.
func (p *response) finish() {
	p.server.leave(p)
	p.limit()
}

// setDeadline sets when all writes have to be over. A response that knows no deadline is left as it is.
func (p *response) setDeadline(t time.Time) {
	_ = http.NewResponseController(p.ResponseWriter).SetWriteDeadline(t)
}
