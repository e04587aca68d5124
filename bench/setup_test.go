package bench

import (
	"context"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/retry"
	"github.com/rivulet-go/rivulet/source"
)

// BenchmarkSetUp runs an operator over one item, so that what it starts and stops is most of the cost. The limit is what a
// programmer would write by hand: a timer, a goroutine with a channel, a loop.
func BenchmarkSetUp(b *testing.B) {
	one := source.Of(1)
	for _, c := range []struct {
		name    string
		limit   func() int
		rivulet observable.Observable[int]
	}{
		{"Debounce", timerByHand, operators.Debounce(one, time.Hour)},
		{"Timeout", timerByHand, operators.Timeout(one, time.Hour)},
		{"Retry", func() int { return 1 }, operators.Retry(one, retry.Policy{})},
		{"ObserveOn", goroutineByHand, operators.ObserveOn(one, 1)},
	} {
		b.Run(c.name, func(b *testing.B) {
			race(b, 1, "run", limit(c.limit), rivulet(func() int { return sum(c.rivulet) }))
		})
	}
}

func timerByHand() int {
	items, timer := make(chan int, 1), time.NewTimer(time.Hour)
	defer timer.Stop()
	go func() { items <- 1 }()
	select {
	case v := <-items:
		return v
	case <-timer.C:
		return 0
	}
}

func goroutineByHand() int {
	items := make(chan int, 1)
	go func() { items <- 1 }()
	return <-items
}

// BenchmarkShareJoin joins a shared stream that has a subscriber already, gets the latest item and leaves. The limit is a
// broker with a lock and a channel for each subscriber.
func BenchmarkShareJoin(b *testing.B) {
	hot := operators.ShareReplay(operators.Concat(source.Of(1), source.Never[int]()), 1)
	ctx, cancel := context.WithCancel(context.Background())
	first := hot.Subscribe(ctx, observable.Observer[int]{Error: func(error) {}})
	defer func() { cancel(); <-first.Done() }()
	byHand := broker{latest: 1, subscribers: map[chan int]bool{make(chan int, 1): true}}
	race(b, 1, "join",
		limit(byHand.first),
		rivulet(canceling(func(ctx context.Context) int {
			v, err := hot.First(ctx)
			if err != nil {
				panic(err)
			}
			return v
		})),
	)
}

type broker struct {
	mu          sync.Mutex
	latest      int
	subscribers map[chan int]bool
}

// first joins, gets the latest item and leaves.
func (b *broker) first() int {
	c := make(chan int, 1)
	b.mu.Lock()
	b.subscribers[c] = true
	c <- b.latest
	b.mu.Unlock()
	v := <-c
	b.mu.Lock()
	delete(b.subscribers, c)
	b.mu.Unlock()
	return v
}

// BenchmarkAtRest holds 1,000 runs of an operator over streams that emit nothing, and reports what one of them holds.
func BenchmarkAtRest(b *testing.B) {
	const n = 1000
	never := source.Never[int]()
	for _, c := range []struct {
		name string
		run  observable.Observable[int]
	}{
		{"Map", operators.Map(never, double)},
		{"ObserveOn", operators.ObserveOn(never, 128)},
		{"Merge", operators.Merge(never, never)},
		{"FlatMap", operators.FlatMap(source.Of(1), 8, func(int) observable.Observable[int] { return never })},
		{"SwitchMap", operators.SwitchMap(source.Of(1), func(int) observable.Observable[int] { return never })},
		{"Debounce", operators.Debounce(never, time.Hour)},
		{"Timeout", operators.Timeout(never, time.Hour)},
		{"CombineLatest", operators.CombineLatest2(never, never, add)},
		{"Share", operators.Share(never)},
	} {
		b.Run(c.name, func(b *testing.B) {
			var bytes, goroutines float64
			for b.Loop() {
				memory, running := usage()
				stop := hold(n, c.run)
				memoryNow, runningNow := usage()
				bytes += float64(memoryNow) - float64(memory)
				goroutines += float64(runningNow - running)
				stop()
			}
			b.ReportMetric(bytes/float64(b.N*n), "B/run")
			b.ReportMetric(goroutines/float64(b.N*n), "goroutines/run")
		})
	}
}

// hold subscribes n times, waits until all goroutines wait, and returns what ends them.
func hold(n int, o observable.Observable[int]) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	runs := make([]*observable.Subscription, n)
	for i := range runs {
		runs[i] = o.Subscribe(ctx, observable.Observer[int]{Error: func(error) {}})
	}
	for range 100 {
		runtime.Gosched()
	}
	time.Sleep(10 * time.Millisecond)
	return func() {
		cancel()
		for _, run := range runs {
			<-run.Done()
		}
	}
}
