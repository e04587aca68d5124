package sink

import (
	"container/list"
	"sync"
)

// turns lets a few clients at a time do something, in the order in which they have asked.
type turns struct {
	mu    sync.Mutex
	free  int
	queue list.List // of *turn
}

// turn is that of one client. It must be given back.
type turn struct {
	of    *turns
	poke  func()
	place *list.Element // in the queue; nil when it has come
}

// ask returns a turn. If it has not come at once, the function poke is called when it has.
func (t *turns) ask(poke func()) *turn {
	t.mu.Lock()
	defer t.mu.Unlock()
	mine := &turn{of: t, poke: poke}
	if t.free > 0 {
		t.free--
	} else {
		mine.place = t.queue.PushBack(mine)
	}
	return mine
}

// hasCome reports whether the client may begin.
func (t *turn) hasCome() bool {
	t.of.mu.Lock()
	defer t.of.mu.Unlock()
	return t.place == nil
}

// othersWait reports whether other clients are in the queue.
func (t *turn) othersWait() bool {
	t.of.mu.Lock()
	defer t.of.mu.Unlock()
	return t.of.queue.Len() > 0
}

// giveBack ends the turn, or the wait for it.
func (t *turn) giveBack() {
	t.of.mu.Lock()
	defer t.of.mu.Unlock()
	if t.place != nil {
		t.of.queue.Remove(t.place)
		return
	}
	first := t.of.queue.Front()
	if first == nil {
		t.of.free++
		return
	}
	next := t.of.queue.Remove(first).(*turn)
	next.place = nil
	next.poke()
}
