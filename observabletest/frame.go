package observabletest

import (
	"fmt"
	"time"
)

// Frame is the time that one place of a picture stands for, unless [WithFrame] sets another.
const Frame = 10 * time.Millisecond

// PictureOption is an option of [Marbles], [ExpectMarbles] and [NewRecorder].
type PictureOption func(*pictureConfig)

type pictureConfig struct{ frame time.Duration }

// WithFrame sets the time that one place of a picture stands for, a positive multiple of 100 µs. Default: [Frame].
//
// A source can have another frame than the picture that its result is compared with. A frame should be longer than
// 1 ms if the stream contains TakeUntil, SkipUntil or WithLatestFrom, which may delay an item by that much.
func WithFrame(d time.Duration) PictureOption {
	if d <= 0 || d%resolution != 0 {
		panic(fmt.Sprintf("observabletest.WithFrame: d is %v, it must be a positive multiple of %v", d, resolution))
	}
	return func(c *pictureConfig) { c.frame = d }
}

func newPictureConfig(opts []PictureOption) pictureConfig {
	c := pictureConfig{frame: Frame}
	for _, opt := range opts {
		opt(&c)
	}
	return c
}

const (
	// leadShare is the share of its time by which a picture runs fast in a bubble: 1/100,000. So an item comes before
	// an operator's timer that is due in the same frame, also if another item has started that timer: an item that is
	// a frame later comes 100 ns nearer.
	leadShare = 100_000

	// resolution divides all times of a picture, so that the lead is a whole number of nanoseconds. A picture that
	// was started by an item of another one then has the same instants.
	resolution = leadShare * time.Nanosecond

	// longest is how many frames a picture can have. The lead is then half a frame: no signal is taken for one of the
	// frame before.
	longest = leadShare / 2

	// crowding is the most by which signals of one frame, a nanosecond apart, come later than their frame.
	crowding = time.Microsecond

	// holdBack is how long operators may hold an item back. It is drawn in its frame nevertheless.
	holdBack = time.Millisecond
)

// lead returns by how much the signal that a picture shows at this time comes earlier.
func lead(shown time.Duration) time.Duration { return shown / leadShare }

// shownAt is the reverse: it returns the time that a picture shows for a signal that comes at this time. That is the
// multiple of a frame, or else of 1 ms or 100 µs, by which lead and crowding explain the time; or else the time.
func (c pictureConfig) shownAt(at time.Duration) time.Duration {
	latest := at + at/(leadShare-1)
	for _, grid := range []time.Duration{c.frame, time.Millisecond, resolution} {
		if shown := latest.Truncate(grid); at-shown <= crowding {
			return shown
		}
	}
	return at
}
