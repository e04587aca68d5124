package observabletest

import (
	"slices"
	"sync"
	"time"

	"github.com/rivulet-go/rivulet/observable"
)

// Note is one signal of a stream: an item, or the end.
type Note[T any] struct {
	At    time.Duration // since the Recorder was made
	Value T             // the item, when this is not the end
	End   bool          // the stream is complete, or has failed with Err
	Err   error
}

// Recorder notes what it observes and when. In a bubble of [testing/synctest] the times are exact.
//
//	recorder := observabletest.NewRecorder[string]()
//	subscription := stream.Subscribe(ctx, recorder.Observer())
//
// It may be used from several goroutines.
type Recorder[T any] struct {
	start time.Time
	mu    sync.Mutex
	notes []Note[T]
}

// NewRecorder returns a Recorder whose clock starts now.
func NewRecorder[T any]() *Recorder[T] { return &Recorder[T]{start: time.Now()} }

// Observer returns what to subscribe with.
func (r *Recorder[T]) Observer() observable.Observer[T] {
	return observable.Observer[T]{
		Next:     func(v T) { r.note(Note[T]{Value: v}) },
		Error:    func(err error) { r.note(Note[T]{End: true, Err: err}) },
		Complete: func() { r.note(Note[T]{End: true}) },
	}
}

func (r *Recorder[T]) note(n Note[T]) {
	n.At = time.Since(r.start)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.notes = append(r.notes, n)
}

// Notes returns the notes up to now.
func (r *Recorder[T]) Notes() []Note[T] {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.notes)
}

// Values returns the items up to now.
func (r *Recorder[T]) Values() []T {
	var values []T
	for _, n := range r.Notes() {
		if !n.End {
			values = append(values, n.Value)
		}
	}
	return values
}

// failure returns the error with which the stream failed.
func (r *Recorder[T]) failure() error {
	for _, n := range r.Notes() {
		if n.Err != nil {
			return n.Err
		}
	}
	return nil
}

// Marbles draws the notes in marble notation, to which the package documentation gives the key, up to the end of the
// stream or, if that is still to come, to now. An item for which there is no letter is drawn as ?, and what the
// picture cannot say follows it in brackets: the value of a ?, and the time of what did not come at the start of its
// frame.
func (r *Recorder[T]) Marbles(values map[rune]T) string {
	return draw(r.Notes(), int(time.Since(r.start)/Frame)+1, values)
}
