package sink

import (
	"container/list"
	"sync"
)

// turns limits how many clients do something at a time. Clients get their turns in the order in which they have asked.
type turns struct {
	mu    sync.Mutex
	free  int
	queue list.List // of *turn
}

// turn is the turn of one client. It must be given back.
type turn struct {
	of    *turns
	poke  func()
	place *list.Element // in the queue; nil when the client may begin
}

// ask returns a turn. If the client cannot begin at once, poke is called when it can.
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
