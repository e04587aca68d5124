package websocket

import (
	"io"
	"sync"
	"sync/atomic"
	"time"
)

// socket is the connection below the frames. It sees every byte that comes, so it runs the timers that wait for one. They
// do not run while nothing is read, that is, while emit blocks.
type socket struct {
	io.ReadWriteCloser
	open    bool // the handshake was accepted; before that, every read is to end
	ended   atomic.Bool
	idle    *watchdog
	silence *watchdog // of WithPing
}

func (s *socket) Read(p []byte) (int, error) {
	if !s.open {
		return 0, io.EOF
	}
	s.idle.start()
	s.silence.start()
	n, err := s.ReadWriteCloser.Read(p)
	s.silence.stop()
	s.idle.stop()
	if n > 0 {
		return n, nil // an error comes again
	}
	if err != nil {
		s.ended.Store(true)
	}
	return n, err
}

// watchdog calls its stages, one after the other, each when a wait has lasted for its time after the stage before. A nil
// watchdog does nothing.
type watchdog struct {
	stages []stage

	mu    sync.Mutex
	timer *time.Timer
	next  int       // the stage that the timer is for; none if it is len(stages), as between waits
	due   time.Time // when that is
}

type stage struct {
	after time.Duration
	call  func()
}

func newWatchdog(stages ...stage) *watchdog { return &watchdog{stages: stages, next: len(stages)} }

func (w *watchdog) start() {
	if w == nil {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.set(0)
}

// set starts the timer for a stage, if there is one. Must hold w.mu.
func (w *watchdog) set(stage int) {
	w.next = stage
	if stage == len(w.stages) {
		return
	}
	after := w.stages[stage].after
	w.due = time.Now().Add(after)
	if w.timer == nil {
		w.timer = time.AfterFunc(after, w.fire)
	} else {
		w.timer.Reset(after)
	}
}

func (w *watchdog) stop() {
	if w == nil {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.next = len(w.stages)
	w.timer.Stop()
}

// fire is called by the timer. It may come late, when another wait has begun: that one is not due.
func (w *watchdog) fire() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.next == len(w.stages) || time.Now().Before(w.due) {
		return
	}
	w.stages[w.next].call()
	w.set(w.next + 1)
}
