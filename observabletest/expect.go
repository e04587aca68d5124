package observabletest

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/rivulet-go/rivulet/observable"
)

// ExpectMarbles runs an Observable, compares what comes out with a picture in marble notation, and reports a
// difference as an error of t. It returns the error with which the stream failed, for which the picture has a #.
//
// The stream runs in a bubble of [testing/synctest], or in that of the caller if there is one. A picture without
// an end shows the stream for as long as the picture is, then the stream is disposed of.
//
//	source := observabletest.Marbles[string]("ab--c-|", nil)
//	observabletest.ExpectMarbles(t, "---b--(c|)", operators.Debounce(source, 2*observabletest.Frame), nil)
func ExpectMarbles[T any](t *testing.T, picture string, o observable.Observable[T], values map[rune]T) error {
	t.Helper()
	difference, err := compareMarbles(t, picture, o, values)
	if difference != "" {
		t.Error("observabletest.ExpectMarbles:\n" + difference)
	}
	return err
}

// compareMarbles returns how the stream differs from the picture, and the error with which it failed.
func compareMarbles[T any](
	t *testing.T, picture string, o observable.Observable[T], values map[rune]T,
) (difference string, failure error) {
	want, frames := read("observabletest.ExpectMarbles", picture, values)
	frames = max(frames, 1)
	look := time.Duration(frames) * Frame
	if len(want) > 0 && want[len(want)-1].End {
		look += look + 10*Frame // shows what comes in place of the end
	}
	recorder := &Recorder[T]{}
	var got string
	problem := bubble.enter(t, watchdog, new(atomic.Int64), func() bool {
		recorder.start = time.Now()
		subscription := o.Subscribe(context.Background(), recorder.Observer())
		select {
		case <-subscription.Done():
		case <-time.After(look - 1):
		}
		got = recorder.Marbles(values)
		subscription.Dispose()
		<-subscription.Done()
		return true
	})
	if expected := draw(want, frames, values); problem != "" || got != expected {
		return fmt.Sprintf("expected: %s\nactual:   %s\n%s", expected, got, problem), recorder.failure()
	}
	return "", recorder.failure()
}
