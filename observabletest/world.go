package observabletest

import (
	"fmt"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// world is where the trials of a Check take place: a bubble or the real world.
type world struct {
	// enter calls f in the world and returns "", or what is wrong with the world as a whole. It stops waiting for f if
	// progress does not change for as long as watchdog, and for goroutines that f leaves behind if f returns false.
	enter  func(t *testing.T, watchdog time.Duration, progress *atomic.Int64, f func() (allEnded bool)) string
	settle func() // waits until all other goroutines wait
	// leftover returns the goroutines of a run that still exist after its return. before is how many goroutines the
	// process had before the run.
	leftover    func(id string, before int) []string
	observation time.Duration // how long a run is observed before it is canceled
	prompt      time.Duration // how long a run may take to stop
	limit       time.Duration // how long Check waits for a run to stop
	linger      time.Duration // how long Check waits for items after the return
}

// bubble is a bubble of synctest.
var bubble = world{
	enter:       enterBubble,
	settle:      synctest.Wait,
	leftover:    leftInBubble,
	observation: time.Minute - time.Second/3, // not a round time, at which items may come
	limit:       time.Minute,
	linger:      time.Minute,
}

// realWorld has the real clock and the network.
var realWorld = world{
	enter: func(_ *testing.T, _ time.Duration, _ *atomic.Int64, f func() bool) string {
		f()
		return ""
	},
	settle:      func() { time.Sleep(20 * time.Millisecond) },
	leftover:    func(id string, _ int) []string { return leftAfter(time.Second, id) },
	observation: 200 * time.Millisecond,
	prompt:      10 * time.Second,
	limit:       10 * time.Second,
}

// leftAfter returns the goroutines of a run that have not ended after this time.
func leftAfter(limit time.Duration, id string) []string {
	for wait := time.Millisecond; wait < limit && len(labeledBy(id)) > 0; wait *= 2 {
		time.Sleep(wait)
	}
	return labeledBy(id)
}

// lastLooks is how often a goroutine may still exist after the return of its run. To list the goroutines stops all of
// them, and Gosched lets all others that can run do so first: one that is about to end needs one or two looks.
const lastLooks = 50

// leftInBubble does not wait until all goroutines wait: one that was left behind may never do that. It may compute, or
// wait for something outside the bubble.
func leftInBubble(id string, before int) (left []string) {
	for look := range 2 * lastLooks {
		if runtime.NumGoroutine() == before {
			return nil // An end elsewhere may hide a leak here; then the end of the bubble finds it.
		}
		if look >= lastLooks { // A list is slow, and in most cases not necessary.
			if left = labeledBy(id); len(left) == 0 {
				return nil
			}
		}
		runtime.Gosched()
	}
	return left
}

const (
	watchdog = 30 * time.Second // the real time after which Check stops waiting if nothing happens in a bubble
	looks    = 30               // how often it looks within this time
)

// enterBubble runs f in the bubble of the caller, or else in a new one. That has a goroutine of its own, so that the
// panic of a deadlock becomes a result, and that a goroutine that never waits does not stop the caller.
func enterBubble(t *testing.T, watchdog time.Duration, progress *atomic.Int64, f func() bool) string {
	if bubbleID() != "" {
		f()
		return ""
	}
	ended, abandoned := make(chan string, 1), make(chan struct{})
	go func() {
		defer func() { ended <- deadlock(recover()) }()
		synctest.Test(t, func(*testing.T) {
			if !f() {
				close(abandoned)
			}
		})
	}()
	for quiet, last := 0, progress.Load(); quiet < looks; quiet++ {
		select {
		case problem := <-ended:
			return problem
		case <-abandoned:
			return farewell(ended)
		case <-time.After(watchdog / looks):
		}
		if now := progress.Load(); now != last {
			quiet, last = 0, now
		}
	}
	return fmt.Sprintf("nothing has happened for %v: it waits for something that was made outside the run, or "+
		"computes without looking at its context; if that is intended, see source.Defer and RealTime", watchdog)
}

// farewell waits for the end of a bubble in which a goroutine was left behind. If all goroutines wait for something in
// the bubble, the end takes microseconds; otherwise it never comes.
func farewell(ended <-chan string) string {
	select {
	case problem := <-ended:
		return problem
	case <-time.After(100 * time.Millisecond):
		return ""
	}
}

// deadlock returns what synctest reports with a panic. Other panics continue.
func deadlock(panicked any) string {
	if panicked == nil {
		return ""
	}
	problem := fmt.Sprint(panicked)
	if !strings.HasPrefix(problem, "deadlock: ") {
		panic(panicked)
	}
	return problem
}
