package observabletest

import (
	"context"
	"errors"

	"github.com/rivulet-go/rivulet/observable"
)

// ErrMarbles is the error with which the stream of a picture fails at a #.
var ErrMarbles = errors.New("observabletest: the # of a marble picture")

// Marbles returns the stream that a picture in marble notation shows. The package documentation defines the notation,
// and the order of signals in the same frame.
//
// Each run starts at the first frame. If the picture has no end, a run waits after the last frame until ctx is
// canceled. If a slow consumer delays a run, it emits the overdue items without further delay.
//
// values maps letters to items. A letter that it lacks stands for itself if T is string or rune, and a digit for its
// number if T is int. Marbles panics on any other letter and on an invalid picture; the message names the place.
func Marbles[T any](picture string, values map[rune]T, opts ...PictureOption) observable.Observable[T] {
	c := newPictureConfig(opts)
	notes := notesOf(readPicture("observabletest.Marbles", picture, c.frame), values)
	number := lastPicture.Add(1)
	return func(ctx context.Context, emit func(T) bool) error {
		run := startPicture(number)
		defer run.end()
		for _, n := range notes {
			if err := run.await(ctx, n.At); err != nil {
				return err
			}
			if n.End {
				return n.Err
			}
			if !emit(n.Value) {
				return nil
			}
		}
		<-ctx.Done()
		return context.Cause(ctx)
	}
}
