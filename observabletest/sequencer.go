package observabletest

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/rivulet-go/rivulet/internal/clock"
	"github.com/rivulet-go/rivulet/internal/goroutines"
)

// A sequencer gives each signal of the pictures that run in one bubble an instant of its own. The clock of a bubble
// moves only when all goroutines wait, so everything that a signal causes has happened before the next signal.
//
// The signals that are due wait in a queue, which sends one per nanosecond: that of the picture that was made first.
type sequencer struct {
	bubble string
	runs   int // Guarded by sequencers.

	mu      sync.Mutex
	started int           // runs that have been started
	waiting []*pictureRun // those whose signals are due
	instant time.Time     // the last one at which a signal was chosen
	chosen  *pictureRun   // the run whose signal was chosen, nil if none was
	nominal time.Time     // when the signal of that instant was due
}

// A pictureRun is a run of a picture.
type pictureRun struct {
	*sequencer // nil outside a bubble
	picture    int64
	start      time.Time

	number int       // of the run, among those of the sequencer
	due    time.Time // when the signal with which the run waits is due
	since  time.Time // when the run began to wait with it
}

// lastPicture numbers the pictures in the order in which they are made.
var lastPicture atomic.Int64

// sequencers are those of all bubbles in which pictures run.
var sequencers = struct {
	sync.Mutex
	of map[string]*sequencer
}{of: map[string]*sequencer{}}

// startPicture starts a run of a picture. The caller must call end.
func startPicture(picture int64) *pictureRun {
	r := &pictureRun{picture: picture, start: time.Now()}
	bubble := goroutines.Bubble()
	if bubble == "" {
		return r
	}
	sequencers.Lock()
	defer sequencers.Unlock()
	s := sequencers.of[bubble]
	if s == nil {
		s = &sequencer{bubble: bubble}
		sequencers.of[bubble] = s
	}
	s.runs++
	s.add(r)
	return r
}

func (s *sequencer) add(r *pictureRun) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.started++
	r.sequencer, r.number = s, s.started
	r.start = s.cause(r.start)
}

func (r *pictureRun) end() {
	if r.sequencer == nil {
		return
	}
	sequencers.Lock()
	defer sequencers.Unlock()
	if r.runs--; r.runs == 0 {
		delete(sequencers.of, r.bubble)
	}
}

// await waits until the run may send the signal that its picture shows at this time.
func (r *pictureRun) await(ctx context.Context, shown time.Duration) error {
	if r.sequencer == nil {
		return clock.Sleep(ctx, time.Until(r.start.Add(shown)))
	}
	due := r.start.Add(shown - lead(shown))
	if early := time.Until(due) - 1; early > 0 { // The fewer timers, the better for the race detector.
		if err := clock.Sleep(ctx, early); err != nil {
			return err
		}
	}
	r.enqueue(r, due)
	for {
		if err := clock.Sleep(ctx, 1); err != nil {
			r.dequeue(r)
			return err
		}
		if r.next(r) {
			return nil
		}
	}
}

func (s *sequencer) enqueue(r *pictureRun, due time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r.since, r.due = time.Now(), due
	if earliest := s.cause(r.since); due.Before(earliest) {
		r.due = earliest // a slow consumer has held the run up
	}
	s.waiting = append(s.waiting, r)
}

func (s *sequencer) dequeue(r *pictureRun) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.waiting = slices.DeleteFunc(s.waiting, func(w *pictureRun) bool { return w == r })
}

// next reports whether r is the run that may send its signal now, and if so removes it from the queue.
//
// The first run that asks at an instant chooses for the others. It must not choose one that has come at the same
// instant: whether that has come already is chance.
func (s *sequencer) next(r *pictureRun) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if now := time.Now(); s.instant.Before(now) {
		s.instant, s.nominal, s.chosen = now, now, s.first(now)
	}
	if s.chosen != r {
		return false
	}
	s.nominal, s.chosen = r.due, nil
	s.waiting = slices.DeleteFunc(s.waiting, func(w *pictureRun) bool { return w == r })
	return true
}

// first returns the run that has waited since before now and whose picture was made first.
func (s *sequencer) first(now time.Time) *pictureRun {
	waited := slices.DeleteFunc(slices.Clone(s.waiting), func(w *pictureRun) bool { return !w.since.Before(now) })
	if len(waited) == 0 {
		return nil
	}
	return slices.MinFunc(waited, func(a, b *pictureRun) int {
		return cmp.Or(cmp.Compare(a.picture, b.picture), cmp.Compare(a.number, b.number))
	})
}

// cause returns when the signal was due that causes what happens now. It returns now if no signal does.
func (s *sequencer) cause(now time.Time) time.Time {
	if s.instant.Equal(now) {
		return s.nominal
	}
	return now
}
