package operators

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

// A headStart is the context of a stream that runs in a goroutine of its own and is to go first: what it emits at once,
// such as the value of a behaviour subject, then comes before all that another stream emits.
//
// It is over when the stream asks for Done, as whoever waits does, or has ended. So that one that neither waits nor
// emits does not hold the other stream up, it is also over when the stream has looked at Err often enough, and for one
// that does not look either, after a moment.
type headStart struct {
	context.Context
	looks atomic.Int32
	once  sync.Once
	begun chan struct{} // closed when the stream is run
	over  chan struct{}
}

const (
	headStartLooks  = 1024
	headStartMoment = 100 * time.Millisecond // a busy machine may leave a goroutine alone for some 10
)

func newHeadStart(ctx context.Context) *headStart {
	return &headStart{Context: ctx, begun: make(chan struct{}), over: make(chan struct{})}
}

func (h *headStart) end() { h.once.Do(func() { close(h.over) }) }

func (h *headStart) Done() <-chan struct{} {
	h.end()
	return h.Context.Done()
}

func (h *headStart) Err() error {
	if h.looks.Add(1) == headStartLooks {
		h.end()
	}
	return h.Context.Err()
}

// wait waits for the end of the head start. It yields before it sets a timer, which it then seldom needs.
func (h *headStart) wait() {
	runtime.Gosched()
	select {
	case <-h.over:
		return
	default:
	}
	<-h.begun
	timer := time.NewTimer(headStartMoment)
	defer timer.Stop()
	select {
	case <-h.over:
	case <-timer.C:
	case <-h.Context.Done():
	}
}
