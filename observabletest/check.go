package observabletest

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/rivulet-go/rivulet/observable"
)

// Check tests an Observable against the five rules of the contract. It reports each rule that the Observable breaks as
// an error of t.
//
// It runs o about thirty times: to its end, or for the first [Items] of it; again, and twice concurrently, to compare
// the results; stopped at several items; canceled before the run, within an item, and while o waits; with a slow
// consumer. The stream may be empty, infinite, failing, or silent, but stopping it must not fail. In each run Check
// looks for items that come on another goroutine, or after a stop, a cancel or the return, and for goroutines that
// still exist after the return.
//
// A canceled run must return context.Cause(ctx), or, if its cleanup failed, an error that joins the cause with other
// errors, like errors.Join(context.Cause(ctx), err). An error that wraps the cause in another way breaks the rule.
//
// Two runs must give the same result. If events of o fall on the same instant, such as an item of one source and a
// timer, chance decides which is first; then use [AnyOrder] or [Varying], or different times. The signals of [Marbles]
// never fall on the same instant. A hot stream needs [Varying].
//
// The runs take place one after the other in the bubble of [testing/synctest] that the caller is in, or else in a new
// one, so waiting costs no time. Each run is observed for one minute of the bubble's time. A stop or a cancel must take
// none of it; at most 256 items may follow a cancel. Create channels and timers inside the run, for example with
// source.Defer: synctest cannot see those made outside its bubble. A stream that needs the outside world, such as a
// network, or a goroutine that computes indefinitely without an item, needs [RealTime].
func Check[T any](t *testing.T, o observable.Observable[T], opts ...Option) {
	t.Helper()
	for _, v := range violations(t, o, opts...) {
		t.Errorf("observabletest.Check: %s", v)
	}
}

// Option is an option of [Check].
type Option func(*config)

type config struct {
	items    int
	anyOrder bool
	varying  bool
	world    world
	quiet    quietLimit
}

// Items sets how many items of a run Check observes, at least 1. Default: 64.
func Items(n int) Option {
	if n < 1 {
		panic(fmt.Sprintf("observabletest.Items: n is %d, it must be positive", n))
	}
	return func(c *config) { c.items = n }
}

// AnyOrder allows the items of two runs to come in different orders, like those of merged sources.
func AnyOrder() Option { return func(c *config) { c.anyOrder = true } }

// Varying allows two runs to give different results: the stream is hot, or depends on chance or the clock.
func Varying() Option { return func(c *config) { c.varying = true } }

// RealTime makes Check run the stream outside a bubble, with the real clock and the network. Check then observes each
// run for 200 ms, allows 10 s for a stop, and ends at the first broken rule.
func RealTime() Option { return func(c *config) { c.world = realWorld } }

// violations returns the first violation of each rule.
func violations[T any](t *testing.T, o observable.Observable[T], opts ...Option) []violation {
	c := config{items: 64, world: bubble, quiet: defaultQuietLimit}
	for _, opt := range opts {
		opt(&c)
	}
	j := &journal{}
	problem := c.world.enter(t, j, c.quiet, func() { attempt(o, c, j) })
	if problem != "" && !j.hung.Swap(true) {
		j.current().report(problem)
	}
	return j.all()
}

// attempt performs all trials in one bubble: the race detector never frees what it needs for a bubble with timers.
func attempt[T any](o observable.Observable[T], c config, j *journal) {
	first := trial[T]{name: "run to its end", config: c, journal: j, cancelAt: never, waitAt: never, stopAt: c.items}
	want := first.perform(o)
	for _, next := range trials(first, want) {
		if j.hung.Load() || c.world.prompt > 0 && len(j.all()) > 0 {
			return // Further trials would take as long.
		}
		next.perform(o)
	}
	j.begin(step{report: func(problem string) { j.note(violation{structured, "after all of its runs: " + problem}) }})
}

// trials returns the trials that follow the first one. They depend on its result.
func trials[T any](first trial[T], want result[T]) []trial[T] {
	again, twice, slow, done := first, first, first, first
	again.name, again.want = "run again", &want
	twice.name, twice.runs, twice.pause = "run twice concurrently", 2, 1 // With a pause the runs take turns.
	slow.name, slow.pause = "run with a slow consumer", time.Millisecond
	done.name, done.cancelAt = "run with a canceled context", 0
	all := []trial[T]{again, twice, slow, done}
	for _, k := range positions(want, first.items) {
		stopped, canceled, both := first, first, first
		stopped.name, stopped.stopAt = fmt.Sprintf("stopped at item %d", k), k
		canceled.name, canceled.cancelAt = fmt.Sprintf("canceled within item %d", k), k
		canceled.stopAt, canceled.mayEnd = never, &want
		both.name, both.cancelAt, both.stopAt = fmt.Sprintf("canceled within item %d and stopped at it", k), k, k
		all = append(all, stopped, canceled, both)
	}
	for _, k := range append(positions(want, first.items), 0) {
		waiting := first
		waiting.name, waiting.waitAt = fmt.Sprintf("canceled while it waited after item %d", k), k
		all = append(all, waiting)
	}
	return all
}

// positions returns the items, counted from 1, at which runs are stopped or canceled. The last item is among them,
// unless Check has stopped the first run there: the stream may continue after it, or end.
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
