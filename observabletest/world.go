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

// world is where the trials of a Check take place.
type world struct {
	// enter calls f there and returns "" or what went wrong with it as a whole. It may give up on an f that makes no
	// progress for as long as the watchdog says.
	enter  func(t *testing.T, watchdog time.Duration, progress *atomic.Int64, f func()) string
	settle func() // waits until what can run has run
	// leftover returns the goroutines that are left of a run after its return. Before it the process had so many.
	leftover func(id string, before int) []string
	look     time.Duration // how long a run is looked at before it is cancelled
	prompt   time.Duration // how long it may take to stop
	patience time.Duration // when to give up on it
	linger   time.Duration // how long to look for items after the return
}

// bubble is the world of synctest.
var bubble = world{
	enter:  enterBubble,
	settle: synctest.Wait,
	leftover: func(id string, before int) []string {
		synctest.Wait()
		if runtime.NumGoroutine() == before {
			return nil // without a profile, which is slow; what an end elsewhere hides here, the end of the bubble finds
		}
		return labelledBy(id)
	},
	look:     time.Minute - time.Second/3, // not a round time, at which items may come
	patience: time.Minute,
	linger:   time.Minute,
}

// realWorld is the world of the real clock and the network.
var realWorld = world{
	enter: func(_ *testing.T, _ time.Duration, _ *atomic.Int64, f func()) string {
		f()
		return ""
	},
	settle:   func() { time.Sleep(20 * time.Millisecond) },
	leftover: func(id string, _ int) []string { return leftAfter(time.Second, id) },
	look:     200 * time.Millisecond,
	prompt:   10 * time.Second,
	patience: 10 * time.Second,
}

// leftAfter returns the goroutines of a run that do not end by themselves within so long.
func leftAfter(limit time.Duration, id string) []string {
	for wait := time.Millisecond; wait < limit && len(labelledBy(id)) > 0; wait *= 2 {
		time.Sleep(wait)
	}
	return labelledBy(id)
}

// enterBubble runs f in a bubble. It does so in a goroutine of its own, to turn the panic of a deadlock into a result,
// and to give up on a run that never blocks, which no clock of the bubble can end.
func enterBubble(t *testing.T, watchdog time.Duration, progress *atomic.Int64, f func()) string {
	if inBubble() {
		f()
		return ""
	}
	ended := make(chan string, 1)
	go func() {
		defer func() { ended <- deadlock(recover()) }()
		synctest.Test(t, func(*testing.T) { f() })
	}()
	for {
		before := progress.Load()
		select {
		case problem := <-ended:
			return problem
		case <-time.After(watchdog):
		}
		if progress.Load() == before {
			return fmt.Sprintf("for %v now it waits with something that was made before the run, or computes without a "+
				"look at its context; if that is right for it, see source.Defer and RealTime", watchdog)
		}
	}
}

func inBubble() (yes bool) {
	defer func() { yes = recover() == nil }()
	synctest.Wait()
	return true
}

// deadlock returns what synctest found if it panicked; other panics go on.
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
