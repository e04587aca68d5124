package observabletest

import (
	"fmt"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rivulet-go/rivulet/internal/goroutines"
)

// world is where the trials of a Check take place: a bubble or the real world.
type world struct {
	// enter calls f in the world and returns "", or what is wrong with the world as a whole. It stops waiting for f if
	// the journal shows no progress.
	enter  func(t *testing.T, j *journal, limit quietLimit, f func()) string
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
	enter: func(_ *testing.T, _ *journal, _ quietLimit, f func()) string {
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

// leftInBubble does not return if a goroutine never waits for anything in the bubble; see enterBubble.
func leftInBubble(id string, before int) []string {
	synctest.Wait()
	if runtime.NumGoroutine() == before {
		return nil // An end elsewhere may hide a leak here; then the end of the bubble finds it. A profile would be slow.
	}
	return labeledBy(id)
}

// quietLimit is how long nothing may happen in a bubble, in real time.
type quietLimit struct {
	look  time.Duration // between two looks at the bubble
	looks int           // after so many looks without progress the bubble is given up
}

// leakLooks is at how many looks in a row a goroutine of a run that has returned must exist to count as left behind.
// Each look stops all goroutines for a moment, so that one that is about to end gets its turn in between.
const leakLooks = 3

var defaultQuietLimit = quietLimit{look: time.Second, looks: 30}

// enterBubble runs f in the bubble of the caller, or else in a new one. That has a goroutine of its own, so that the
// panic of a deadlock becomes a result. From outside enterBubble sees what nothing inside could report: a goroutine that
// never waits for anything in the bubble stops the bubble's clock.
func enterBubble(t *testing.T, j *journal, limit quietLimit, f func()) string {
	if goroutines.Bubble() != "" {
		f()
		return ""
	}
	ended := make(chan string, 1)
	var left atomic.Bool
	defer left.Store(true)
	go func() {
		defer func() { ended <- deadlock(recover()) }()
		synctest.Test(t, func(*testing.T) {
			f()
			if left.Load() {
				select {} // t may be over, and must not be used any more: the bubble ends as a deadlock.
			}
		})
	}()
	before, found := int64(-1), 0
	for quiet := 0; quiet < limit.looks; quiet++ {
		select {
		case problem := <-ended:
			return problem
		case <-time.After(limit.look):
		}
		if now := j.progress.Load(); now != before {
			before, quiet, found = now, 0, 0
		}
		stacks := j.leftBehind()
		if found++; len(stacks) == 0 {
			found = 0
		}
		if found == leakLooks {
			return leak(stacks)
		}
	}
	return fmt.Sprintf("nothing has happened for %v: it waits for something that was made outside the run, or computes "+
		"without looking at its context; if that is intended, see source.Defer and RealTime", limit.look*time.Duration(limit.looks))
}

// leak describes goroutines that were left behind.
func leak(stacks []string) string {
	return "goroutines still exist after the return:\n" + strings.Join(stacks, "\n")
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
