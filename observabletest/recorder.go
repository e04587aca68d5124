package observabletest

import (
	"slices"
	"sync"
	"time"

	"github.com/rivulet-go/rivulet/observable"
)

// Note is one signal of a stream: an item or the end.
type Note[T any] struct {
	At    time.Duration // the time since the Recorder was made; see [Recorder.Notes]
	Value T             // the item; the zero value at the end
	End   bool          // whether the stream has completed, or failed with Err
	Err   error
}

// Recorder records the signals of a stream and their times.
//
//	recorder := observabletest.NewRecorder[string]()
//	subscription := stream.Subscribe(ctx, recorder.Observer())
//
// Its methods may be called by several goroutines.
type Recorder[T any] struct {
	pictureConfig
	start time.Time
	mu    sync.Mutex
	notes []Note[T]
}

// NewRecorder returns a Recorder whose clock starts now.
func NewRecorder[T any](opts ...PictureOption) *Recorder[T] {
	return &Recorder[T]{pictureConfig: newPictureConfig(opts), start: time.Now()}
}

// Observer returns an observer that records what it receives.
func (r *Recorder[T]) Observer() observable.Observer[T] {
	return observable.Observer[T]{
		Next:     func(v T) { r.note(Note[T]{Value: v}) },
		Error:    func(err error) { r.note(Note[T]{End: true, Err: err}) },
		Complete: func() { r.note(Note[T]{End: true}) },
	}
}

func (r *Recorder[T]) note(n Note[T]) {
	n.At = r.now()
	r.mu.Lock()
	defer r.mu.Unlock()
	r.notes = append(r.notes, n)
}

// now returns for what time a picture shows what happens now.
func (r *Recorder[T]) now() time.Duration { return r.shownAt(time.Since(r.start)) }

// Notes returns the signals recorded so far.
//
// In a bubble of [testing/synctest] their times are exact, except that a time is rounded to the frame, or else to 1 ms
// or 100 µs, if the offsets explain the difference with which pictures keep their order: up to 1/100,000 of the time
// before, up to 1 µs after.
func (r *Recorder[T]) Notes() []Note[T] {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.notes)
}

// Values returns the items recorded so far.
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

// Marbles draws the signals recorded so far in marble notation; the package documentation defines it. The picture
// extends to the end of the stream, or to the present if the stream has not ended.
//
// An item without a letter is drawn as ?. Remarks in brackets follow the picture: the value of each ?, and the time of
// each signal that came more than 1 ms after the start of its frame. More than 50 frames without a signal are drawn as
// a time.
func (r *Recorder[T]) Marbles(values map[rune]T) string {
	return draw(r.Notes(), r.now()+1, r.frame, values)
}
