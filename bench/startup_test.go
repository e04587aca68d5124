package bench

import (
	"context"
	"runtime"
	"testing"

	"github.com/reactivex/rxgo/v2"
	"github.com/samber/ro"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

// BenchmarkStartUp builds a chain of map and filter over nothing, runs it and sees it complete.
func BenchmarkStartUp(b *testing.B) {
	race(b, 1, "run",
		limit(func() int { return 0 }),
		rivulet(func() int { return sum(operators.Filter(operators.Map(source.Empty[int](), double), keep)) }),
		by("ro", func() int { return sumRo(ro.Pipe2(ro.Empty[int](), ro.Map(double), ro.Filter(keep))) }),
		by("rxgo", func() int {
			return sumRxGo(rxgo.Empty().
				Map(func(_ context.Context, v interface{}) (interface{}, error) { return v, nil }).
				Filter(func(interface{}) bool { return true }))
		}),
	)
}

// BenchmarkIdle holds 1,000 subscriptions to a chain over a stream that gives nothing, and reports what one of them
// costs. The limit is a goroutine that waits for a context.
func BenchmarkIdle(b *testing.B) {
	const n = 1000
	for _, c := range []struct {
		name      string
		subscribe func(ctx context.Context)
	}{
		{"limit", func(ctx context.Context) {
			go func() { <-ctx.Done() }()
		}},
		{"rivulet", func(ctx context.Context) {
			chain := operators.Filter(operators.Map(source.Never[int](), double), keep)
			chain.Subscribe(ctx, observable.Observer[int]{Error: func(error) {}})
		}},
		{"rxgo", func(ctx context.Context) {
			rxgo.Never().
				Map(func(_ context.Context, v interface{}) (interface{}, error) { return v, nil }).
				Filter(func(interface{}) bool { return true }).
				Observe(rxgo.WithContext(ctx))
		}},
	} {
		b.Run(c.name, func(b *testing.B) {
			var bytes, goroutines float64
			for b.Loop() {
				ctx, cancel := context.WithCancel(context.Background())
				memory, running := usage()
				for range n {
					c.subscribe(ctx)
				}
				memoryNow, runningNow := usage()
				bytes += float64(memoryNow) - float64(memory)
				goroutines += float64(runningNow - running)
				cancel()
			}
			b.ReportMetric(bytes/float64(b.N*n), "B/subscription")
			b.ReportMetric(goroutines/float64(b.N*n), "goroutines/subscription")
		})
	}
}

// usage is what the heap and the stacks hold, and how many goroutines there are.
func usage() (bytes uint64, goroutines int) {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc + m.StackInuse, runtime.NumGoroutine()
}
