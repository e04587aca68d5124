package sink

import (
	"errors"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// response is the HTTP side of a client. It writes, with a time limit.
//
// Only the goroutine of the request writes. Any goroutine may call end, which also ends a write that hangs.
type response struct {
	http.ResponseWriter
	server   *server
	watch    *watch
	inWatch  int32           // its place in watch.open
	inServer int32           // its place in server.open
	wake     chan struct{}   // has a token when the goroutine of the request must look for events or at the reason
	gone     <-chan struct{} // closed when the request has ended
	activity atomic.Int64    // see started and idle
	reason   atomic.Int32    // why the response must end; a reason
	limited  bool            // the deadline is set for the last time; guarded by mu
	mu       sync.Mutex
	broken   *writeError // the first error of writing, or nil
}

// reason is why a response must end.
type reason = int32

const (
	none     reason = iota
	ending          // the request, the handler or the right of the client has ended
	shutDown        // the server is shutting down
	tooSlow         // too many events wait for the client, or a write has taken too long
)

// grace is the time that a client has for receiving what was written, when its response must end.
const grace = time.Second

// init makes p the response to a request, which ends when the request does or the server is shut down. The caller must
// call finish.
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

// writeError is an error of writing a response.
type writeError struct {
	text string
	err  error
}

func (e *writeError) Error() string { return "rivulet: " + e.text + ": " + e.err.Error() }
func (e *writeError) Unwrap() error { return e.err }

// errCannotFlush is the error of a response that cannot flush.
var errCannotFlush = &writeError{
	"this http.ResponseWriter cannot flush; a middleware must have Unwrap or Flush", http.ErrNotSupported,
}

// open sends the header. It returns false if the client has gone or, with nothing sent, if the response cannot flush.
func (p *response) open() bool {
	p.setDeadline(time.Time{}) // replaces the one of the server
	p.started()
	p.limitIfEnding()
	return p.flush()
}

// send writes bytes. It returns false if writing has failed or the client is too slow.
func (p *response) send(wire []byte) bool {
	p.started()
	if p.reason.Load() == tooSlow {
		return false
	}
	p.limitIfEnding()
	n, err := p.Write(wire)
	p.watch.counters.bytes.Add(int64(n))
	return p.check(err)
}

// flush sends the written bytes. Its time counts as part of the last send.
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
		p.broken = &writeError{"writing a response", err}
	}
	return false
}

// started records that a write begins, whose time watch limits, and idle that it has ended. The activity is the time at
// which the last write began, as watch.now returns it, shifted by one. Its lowest bit is set while a write is under way.
func (p *response) started() { p.activity.Store(p.watch.now()<<1 | 1) }

func (p *response) idle() { p.activity.Store(p.activity.Load() &^ 1) }

// lastActivity returns when the last write began, and whether it is still under way.
func (p *response) lastActivity() (at int64, writing bool) {
	a := p.activity.Load()
	return a >> 1, a&1 != 0
}

// end makes the response end: at once if the client is too slow, otherwise within the grace. Only the first reason
// counts. end does not wait.
func (p *response) end(why reason) {
	if !p.reason.CompareAndSwap(none, why) {
		return
	}
	p.poke()
	// A write that begins later sees the reason, because limitIfEnding reads that after started.
	if _, writing := p.lastActivity(); writing {
		go p.limit() // setting a deadline may wait for the connection
	}
}

func (p *response) mustEnd() bool { return p.reason.Load() != none }

// endIfGone ends the response if the request has ended. While a write hangs, no other goroutine notices that.
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

// limitIfEnding limits the time of a write if the response must end. The caller must have called started.
func (p *response) limitIfEnding() {
	if why := p.reason.Load(); why == ending || why == shutDown {
		p.limit()
	}
}

// limit sets the last deadline of a response, once.
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

// finish limits the time in which net/http writes the rest. The response must not be used afterwards, because net/http
// uses it for another request.
func (p *response) finish() {
	p.server.leave(p)
	p.limit()
}

// setDeadline sets the time at which all writes fail. It does nothing if the response has no deadlines.
func (p *response) setDeadline(t time.Time) {
	_ = http.NewResponseController(p.ResponseWriter).SetWriteDeadline(t)
}
