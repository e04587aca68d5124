package observabletest

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/rivulet-go/rivulet/observable"
)

// Check tries an Observable against the five rules of the contract and reports each rule that it breaks, and how,
// as an error of t.
//
// It runs o some thirty times: to its end, or for the first [Items] of it; again, and twice at once, to compare the
// results; stopped at several items; cancelled before the run, within an item and while o waits; with a slow consumer.
// The stream may be empty, endless, failing or never give a sign, but tearing it down must not fail. In each run Check
// looks for items that come on another goroutine, as all that overlap do, or after a stop, a cancel or the return, and
// for goroutines that are left over.
//
// The runs take place in a bubble of [testing/synctest], one after the other, or in that of the caller if there is
// one: waiting costs no time, and a run that hangs is found at once. A stop or a cancel must take no time at all by
// the bubble's clock; at most 256 items may still come after a cancel. A stream is looked at for 59 2/3 s of that
// clock. What o waits with, such as a channel, must be made in the run, for which there is source.Defer, as otherwise
// the bubble cannot know who would wake it. A stream that waits for the world outside, such as a network, or lets a
// goroutine compute for ever without an item, needs [RealTime].
func Check[T any](t *testing.T, o observable.Observable[T], opts ...Option) {
	t.Helper()
	for _, v := range violations(t, o, opts...) {
		t.Errorf("observabletest.Check: %s", v)
	}
}

// Option changes what [Check] expects.
type Option func(*config)

type config struct {
	items    int
	anyOrder bool
	varying  bool
	world    world
	watchdog time.Duration // real time for a trial
}

// watchdog is how long, in real time, something in a bubble may take before it is given up.
const watchdog = 30 * time.Second

// Items sets how many items of a run are looked at, at least 1. Default: 64.
func Items(n int) Option {
	if n < 1 {
		panic(fmt.Sprintf("observabletest.Items: n is %d, it must be positive", n))
	}
	return func(c *config) { c.items = n }
}

// AnyOrder says that the items of two runs may come in different orders, as those of merged sources do.
func AnyOrder() Option { return func(c *config) { c.anyOrder = true } }

// Varying says that two runs may give different results: the stream is hot, or depends on chance or on the clock.
func Varying() Option { return func(c *config) { c.varying = true } }

// RealTime says that the stream needs the real clock or the network, so that its runs take place outside of a
// bubble. A stream is then looked at for 200 ms, and must stop within 10 s. Check ends at the first broken rule.
func RealTime() Option { return func(c *config) { c.world = realWorld } }

// violations returns the first violation of each rule.
func violations[T any](t *testing.T, o observable.Observable[T], opts ...Option) []violation {
	c := config{items: 64, world: bubble, watchdog: watchdog}
	for _, opt := range opts {
		opt(&c)
	}
	j := &journal{}
	problem := c.world.enter(t, c.watchdog, &j.progress, func() { attempt(o, c, j) })
	if problem != "" && !j.hung.Swap(true) {
		j.blame(problem)
	}
	return j.all()
}

// attempt makes the trials, all in one bubble: the race detector never gives back what it needs for a bubble with
// timers.
func attempt[T any](o observable.Observable[T], c config, j *journal) {
	first := trial[T]{name: "run to its end", config: c, journal: j, cancelAt: never, waitAt: never, stopAt: c.items}
	want := first.perform(o)
	for _, next := range trials(first, want) {
		if j.hung.Load() || c.world.prompt > 0 && len(j.all()) > 0 {
			return // what follows would take as long
		}
		next.perform(o)
	}
	j.begin(func(problem string) { j.note(violation{structured, "after all of its runs: " + problem}) })
}

// trials returns the trials that follow the first one, in view of what that gave.
func trials[T any](first trial[T], want result[T]) []trial[T] {
	again, twice, slow, done := first, first, first, first
	again.name, again.want = "run again", &want
	twice.name, twice.runs, twice.pause = "run twice at once", 2, 1 // the runs take turns
	slow.name, slow.pause = "run with a slow consumer", time.Millisecond
	done.name, done.cancelAt = "run with a context that was done", 0
	all := []trial[T]{again, twice, slow, done}
	for _, k := range positions(want, first.items) {
		stopped, cancelled, both := first, first, first
		stopped.name, stopped.stopAt = fmt.Sprintf("stopped at item %d", k), k
		cancelled.name, cancelled.cancelAt = fmt.Sprintf("cancelled within item %d", k), k
		cancelled.stopAt, cancelled.mayEnd = never, &want
		both.name, both.cancelAt, both.stopAt = fmt.Sprintf("cancelled within item %d and stopped with it", k), k, k
		all = append(all, stopped, cancelled, both)
	}
	for _, k := range append(positions(want, first.items), 0) {
		waiting := first
		waiting.name, waiting.waitAt = fmt.Sprintf("cancelled when it waited after item %d", k), k
		all = append(all, waiting)
	}
	return all
}

// positions are the items, counted from 1, at which runs are stopped or cancelled. The last one is among them, but not
// when the first run was cut short there: a stream may go on there, or end.
func positions[T any](first result[T], limit int) []int {
	last := len(first.items)
	if last == limit && !first.ended {
		last--
	}
	var ks []int
	for _, k := range []int{1, 2, 3, 7, last} {
		if 0 < k && k <= last && !slices.Contains(ks, k) {
			ks = append(ks, k)
		}
	}
	return ks
}
