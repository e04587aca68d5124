package bench

import (
	"context"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/samber/ro"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

// BenchmarkBoundary hands 100,000 ints from one goroutine to another.
func BenchmarkBoundary(b *testing.B) {
	const n = 100_000
	items := numbers(n)
	for _, capacity := range []int{1, 16, 128, 1024} {
		b.Run(strconv.Itoa(capacity), func(b *testing.B) {
			race(b, n, "item",
				limit(func() int { return overChannel(items, capacity, func(c chan<- int, v int) { c <- v }) }),
				by("channel-ctx", func() int {
					ctx, cancel := context.WithCancel(context.Background())
					defer cancel()
					return overChannel(items, capacity, func(c chan<- int, v int) {
						select {
						case c <- v:
						case <-ctx.Done():
						}
					})
				}),
				rivulet(func() int { return sum(operators.ObserveOn(source.FromSlice(items), capacity)) }),
				by("ro", func() int { return sumRo(ro.ObserveOn[int](capacity)(ro.FromSlice(items))) }),
			)
		})
	}
}

func overChannel(items []int, capacity int, send func(chan<- int, int)) int {
	c := make(chan int, capacity)
	go func() {
		defer close(c)
		for _, v := range items {
			send(c, v)
		}
	}()
	total := 0
	for v := range c {
		total += v
	}
	return total
}

// BenchmarkLoneItem is the time from the sending of an item to its arrival when there is no other: the median and the
// 99th percentile, right after the receiver has fallen asleep and after a millisecond, when everything has.
func BenchmarkLoneItem(b *testing.B) {
	for _, pause := range []struct {
		name  string
		pause func()
	}{
		{"awake", func() {
			for range 20 {
				runtime.Gosched()
			}
		}},
		{"asleep", func() { time.Sleep(time.Millisecond) }},
	} {
		b.Run(pause.name, func(b *testing.B) {
			b.Run("channel-ctx", func(b *testing.B) { overLoneChannel(b, pause.pause) })
			b.Run("rivulet", func(b *testing.B) { overLoneBoundary(b, pause.pause) })
		})
	}
}

func overLoneChannel(b *testing.B, pause func()) {
	items, ctx := make(chan time.Time, 128), b.Context()
	arrivals := make(chan time.Duration)
	go func() {
		defer close(items)
		latency(b, pause, arrivals, func() {
			select {
			case items <- time.Now():
			case <-ctx.Done():
			}
		})
	}()
	for sent := range items {
		arrivals <- time.Since(sent)
	}
}

func overLoneBoundary(b *testing.B, pause func()) {
	arrivals := make(chan time.Duration)
	sender := observable.Observable[time.Time](func(_ context.Context, emit func(time.Time) bool) error {
		latency(b, pause, arrivals, func() { emit(time.Now()) })
		return nil
	})
	handed := operators.ObserveOn(sender, 128)
	if err := handed.ForEach(b.Context(), func(sent time.Time) { arrivals <- time.Since(sent) }); err != nil {
		b.Fatal(err)
	}
}

// latency sends b.N items one by one, with a pause before each.
func latency(b *testing.B, pause func(), arrivals <-chan time.Duration, send func()) {
	var all []time.Duration
	for range b.N {
		pause()
		send()
		all = append(all, <-arrivals)
	}
	slices.Sort(all)
	b.ReportMetric(float64(all[len(all)/2]), "p50-ns")
	b.ReportMetric(float64(all[len(all)*99/100]), "p99-ns")
}

// BenchmarkMachine is what the machine takes for the parts that a hand-over from goroutine to goroutine is made of, if an
// item is to be seen at once (a store), if several may send (a lock), and if a cancel is to be noticed between two items.
func BenchmarkMachine(b *testing.B) {
	const n = 1000
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	var position atomic.Uint64
	var mu sync.Mutex
	locked := 0
	for _, part := range []struct {
		name string
		run  func()
	}{
		{"atomic-store", func() {
			for i := range n {
				position.Store(uint64(i))
			}
		}},
		{"lock-and-unlock", func() {
			for range n {
				mu.Lock()
				locked++
				mu.Unlock()
			}
		}},
		{"look-at-a-context", func() {
			for range n {
				if ctx.Err() != nil {
					panic("nobody has canceled it")
				}
			}
		}},
	} {
		b.Run(part.name, func(b *testing.B) {
			for b.Loop() {
				part.run()
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/n, "each-ns")
		})
	}
}
