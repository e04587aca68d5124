package observabletest

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/rivulet-go/rivulet/observable"
)

// ExpectMarbles runs an Observable, compares its signals with a picture in marble notation, and reports a difference
// as an error of t. It returns the error with which the stream failed; the picture shows a failure as #.
//
// The stream runs in the bubble of [testing/synctest] that the caller is in, or else in a new one. If the picture has
// no end, ExpectMarbles disposes of the stream after the last frame of the picture.
//
//	source := observabletest.Marbles[string]("ab--c-|", nil)
//	debounced := operators.Debounce(source, 2*observabletest.Frame)
//	observabletest.ExpectMarbles(t, "---b--(c|)", debounced, nil)
func ExpectMarbles[T any](
	t *testing.T, picture string, o observable.Observable[T], values map[rune]T, opts ...PictureOption,
) error {
	t.Helper()
	difference, err := compareMarbles(t, picture, o, values, opts...)
	if difference != "" {
		t.Error("observabletest.ExpectMarbles:\n" + difference)
	}
	return err
}

// compareMarbles returns how the stream differs from the picture, and the error with which it failed.
func compareMarbles[T any](
	t *testing.T, notation string, o observable.Observable[T], values map[rune]T, opts ...PictureOption,
) (difference string, failure error) {
	recorder := NewRecorder[T](opts...)
	want := readPicture("observabletest.ExpectMarbles", notation, recorder.frame)
	expected := draw(notesOf(want, values), max(want.length, want.frame), want.frame, values)
	var got string
	problem := bubble.enter(t, &journal{}, defaultQuietLimit, func() {
		recorder.start = time.Now()
		subscription := o.Subscribe(context.Background(), recorder.Observer())
		select {
		case <-subscription.Done():
		case <-time.After(observation(want)):
		}
		got = recorder.Marbles(values)
		subscription.Dispose()
		<-subscription.Done()
	})
	if problem != "" || got != expected {
		return fmt.Sprintf("expected: %s\nactual:   %s\n%s", expected, got, problem), recorder.failure()
	}
	return "", recorder.failure()
}

// observation returns how long a stream is observed that is compared with a picture.
func observation(p *picture) time.Duration {
	length := max(p.length, p.frame)
	if p.ended {
		length += length + 10*p.frame // shows the signal in place of the end
	}
	return length - lead(length) - 1 // before an item that is due at this time
}
