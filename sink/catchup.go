package sink

import (
	"errors"
	"net/http"
	"slices"
	"time"
)

// ErrHistoryGone is the error with which a stream of [Config.History] fails if it does not reach back to the event with
// the given ID.
var ErrHistoryGone = errors.New("rivulet: the history does not reach back to the last event of the client")

// catchUp is a client that reads its History, until it enters the log at an event that both have.
//
// No event may be lost or sent twice when it enters. So it searches for the event and enters in one step, under the lock
// of the handler, which the run needs to publish an event. And no client may read its History forever, as only a few can
// at a time. So if the History is always ahead of the log, the client enters the log behind its own position and skips
// the events that it has had.
type catchUp[T any] struct {
	h     *Handler[T]
	c     *client[T]
	r     *http.Request
	known []string // the IDs of the last events that the client has had; at least one
}

const (
	knownAtMost  = 256         // IDs
	feedCapacity = 128         // events of a History that may wait for its client
	idleTime     = time.Second // how long an idle History is read while other clients wait, or the run is over
)

// outcome is how a step of catching up has ended.
type outcome int

const (
	again   outcome = iota // History must be read, or read again
	drained                // History must be read again, after a pause
	entered                // the client reads the log
	over                   // the response has to end
	gone                   // History does not reach back
)

// catchUp serves a client until it has entered the log. It returns false if the response has to end.
func (h *Handler[T]) catchUp(c *client[T], r *http.Request, lastEventID string) bool {
	u := &catchUp[T]{h, c, r, []string{lastEventID}}
	for {
		next := u.read()
		if next == drained {
			next = u.rest()
		}
		switch next {
		case entered:
			h.watch.counters.caughtUp.Add(1)
			return true
		case over:
			return false
		case gone:
			return h.joinAfterGap(c, r, u.last())
		}
	}
}

// last returns the ID of the last event that the client has had.
func (u *catchUp[T]) last() string { return u.known[len(u.known)-1] }

// read reads the History, when it is the client's turn.
func (u *catchUp[T]) read() outcome {
	turn := u.h.reading.ask(u.c.poke)
	defer turn.giveBack()
	for !turn.hasCome() {
		u.c.wait()
		if next := u.idle(); next != again {
			return next
		}
	}
	ctx := u.r.Context()
	f := newFeed(ctx, u.h.config.History(ctx, u.last()), u.c, feedCapacity)
	next := u.forward(f, turn)
	err := f.stop()
	switch {
	case errors.Is(err, ErrHistoryGone) && (next == again || next == drained):
		return gone
	case err != nil:
		u.h.config.OnError(err)
		u.c.begin() // an error status would keep the EventSource of a browser from reconnecting
		return over
	}
	return next
}

// rest waits before the History is read again.
func (u *catchUp[T]) rest() outcome {
	for until := time.Now().Add(idleTime); time.Now().Before(until); {
		u.c.waitUntil(until)
		if next := u.idle(); next != again {
			return next
		}
	}
	return again
}

// forward sends what a feed of the History has, until the client enters the log, the feed ends, or it is idle and other
// clients wait for their turn.
func (u *catchUp[T]) forward(f *feed[T], turn *turn) outcome {
	next := drained
	until := time.Now().Add(idleTime)
	for {
		batch, more, _ := f.Take()
		switch {
		case len(batch) > 0:
			n, ok := u.enter(batch)
			if !u.c.begin() || !u.c.sendWanted(batch[:n]) {
				return over
			}
			if ok {
				return entered
			}
			next, until = again, time.Now().Add(idleTime)
		case u.c.mustEnd():
			return over
		case !more || !time.Now().Before(until):
			switch {
			case u.h.isOver():
				return u.endWithoutLog()
			case !more:
				return next
			case turn.othersWait():
				return drained
			}
			until = time.Now().Add(idleTime)
		default:
			if idle := u.idle(); idle != again {
				return idle
			}
			u.c.waitUntil(until)
		}
	}
}

// idle is called while there is no event for the client. It has the client enter the log if it can, and sends a
// heartbeat if one is due.
func (u *catchUp[T]) idle() outcome {
	if _, ok := u.enter(nil); ok {
		return entered
	}
	if u.c.mustEnd() || u.c.silent() && (!u.c.begin() || !u.c.beat()) {
		return over
	}
	return again
}

// enter has the client enter the log if that has an event which the client has had, or one of a batch that it gets next.
// It returns how many events of the batch the client must get first.
func (u *catchUp[T]) enter(batch []*frame[T]) (first int, ok bool) {
	u.h.mu.Lock()
	defer u.h.mu.Unlock()
	if u.h.joinAfter(u.c, u.last()) {
		return 0, true
	}
	for i, f := range batch {
		if f.id == "" {
			continue
		}
		u.known = append(u.known, f.id)
		if u.h.joinAfter(u.c, f.id) {
			return i + 1, true
		}
	}
	u.known = slices.Delete(u.known, 0, max(0, len(u.known)-knownAtMost))
	if at := slices.Index(u.known, u.h.kept.newest); at >= 0 && u.h.join(u.c, u.h.kept.named) {
		u.c.skip(u.known[at+1:])
		return len(batch), true
	}
	return len(batch), false
}

// endWithoutLog ends the response of a client that cannot enter the log because the run has ended.
func (u *catchUp[T]) endWithoutLog() outcome {
	if !u.c.begun {
		u.h.refuse(u.c, u.h.over)
	}
	return over
}

// joinAfterGap handles a client that has missed events: it reports the gap, has the client enter the log and sends it the
// event of Gap. It returns false if the response has to end.
func (h *Handler[T]) joinAfterGap(c *client[T], r *http.Request, lastEventID string) bool {
	h.watch.counters.gaps.Add(1)
	h.config.OnGap(r, lastEventID)
	var event T
	ok := false
	if h.config.Gap != nil {
		event, ok = h.config.Gap(lastEventID)
	}
	switch {
	case !ok && h.config.History == nil:
		return true
	case !ok:
		if !c.begun {
			h.refuse(c, http.StatusGone)
		}
		return false
	}
	wire, err := newEncoder(h.config).encode("", event)
	if err != nil {
		h.config.OnError(err)
		return false
	}
	h.mu.Lock()
	if !c.inLog {
		h.join(c, h.kept.start())
	}
	h.mu.Unlock()
	return c.begin() && c.sendNow(wire)
}
