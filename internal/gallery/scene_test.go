package gallery_test

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/observabletest"
	"github.com/rivulet-go/rivulet/operators"
)

const frame = observabletest.Frame

// observation is how long the runs of a scene are observed.
const observation = time.Second

// stream is the type of most streams of the gallery.
type stream = observable.Observable[string]

// A scene records the streams that take part in a run of an operator.
type scene struct {
	ctx      context.Context
	recorder *observabletest.Recorder[event]

	mu      sync.Mutex
	streams int
	runs    []*run
}

// A run is one run of a stream.
type run struct {
	label  string
	result bool // reports whether the operator, or a stage after it, produces the stream
	stream int  // the number of the stream
	marks  []mark
}

// An event is what the recorder of a scene records.
type event struct {
	run  *run
	mark mark
}

// A mark is what a run did at a time.
type mark struct {
	kind kind
	text string // of an item
	at   time.Duration
}

type kind int

const (
	started kind = iota
	item
	completed
	failed
	stopped // by the operator or the consumer
)

// play runs a case in virtual time. It returns the runs of its streams: first those that the operator consumes.
func play(t *testing.T, act func(*scene)) (runs []*run) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		s := &scene{ctx: ctx, recorder: observabletest.NewRecorder[event]()}
		act(s)
		time.Sleep(observation)
		synctest.Wait()
		for _, note := range s.recorder.Notes() {
			m := note.Value.mark
			m.at = note.At
			note.Value.run.marks = append(note.Value.run.marks, m)
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		runs = slices.DeleteFunc(s.runs, func(r *run) bool { return len(r.marks) == 0 })
	})
	slices.SortStableFunc(runs, func(a, b *run) int { return cmp.Or(a.place()-b.place(), a.stream-b.stream) })
	return numbered(runs)
}

func (r *run) place() int {
	if r.result {
		return 1
	}
	return 0
}

// numbered adds its number to the label of each run of a stream that runs several times.
func numbered(runs []*run) []*run {
	total, count := map[string]int{}, map[string]int{}
	for _, r := range runs {
		total[r.label]++
	}
	for _, r := range runs {
		if label := r.label; total[label] > 1 {
			count[label]++
			r.label = fmt.Sprintf("%s #%d", label, count[label])
		}
	}
	return runs
}

// source returns the stream of a picture, and shows each run of it.
func (s *scene) source(label, picture string) stream {
	return shown(s, label, false, observabletest.Marbles[string](picture, nil))
}

// result runs a stream and shows the run.
func result[T any](s *scene, label string, o observable.Observable[T]) *observable.Subscription {
	return observe(s, 0, shown(s, label, true, o))
}

// observe runs a stream with a consumer that takes a time for each item.
func observe[T any](s *scene, pause time.Duration, o observable.Observable[T]) *observable.Subscription {
	return o.Subscribe(s.ctx, observable.Observer[T]{
		Next:  func(T) { time.Sleep(pause) },
		Error: func(error) {},
	})
}

// shown returns o. Each of its runs becomes a run of the scene.
func shown[T any](s *scene, label string, result bool, o observable.Observable[T]) observable.Observable[T] {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.streams++
	number := s.streams
	return func(ctx context.Context, emit func(T) bool) error {
		note := s.begin(&run{label: label, result: result, stream: number})
		note(started, "")
		more := true
		err := o(ctx, func(v T) bool {
			note(item, text(v))
			more = emit(v)
			return more
		})
		switch {
		case !more || ctx.Err() != nil:
			note(stopped, "")
		case err != nil:
			note(failed, "")
		default:
			note(completed, "")
		}
		return err
	}
}

// begin adds a run to the scene and returns a function that records what it does.
func (s *scene) begin(r *run) func(kind, string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.runs = append(s.runs, r)
	next := s.recorder.Observer().Next
	return func(k kind, text string) { next(event{r, mark{kind: k, text: text}}) }
}

// text returns how a picture shows an item.
func text(v any) string {
	switch v := v.(type) {
	case []string:
		return "[" + strings.Join(v, " ") + "]"
	case [2]string:
		return text(v[:])
	case stream:
		return "•"
	case operators.Group[string, string]:
		return v.Key
	case operators.Timed[string]:
		return fmt.Sprint(v.Value, " ", v.Elapsed.Round(time.Millisecond).Milliseconds())
	}
	return fmt.Sprint(v)
}
