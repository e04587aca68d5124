package operators_test

import (
	"context"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/operators"
)

// viaChannel is ObserveOn as it is usually written: a buffered channel, whose sender looks at its context too.
func viaChannel[T any](src observable.Observable[T], capacity int) observable.Observable[T] {
	return func(ctx context.Context, emit func(T) bool) error {
		ctx, cancel := context.WithCancel(ctx)
		items := make(chan T, capacity)
		var err error
		go func() {
			defer close(items)
			err = src(ctx, func(v T) bool {
				select {
				case items <- v:
					return true
				case <-ctx.Done():
					return false
				}
			})
		}()
		more := true
		for v := range items {
			if more = more && emit(v); !more {
				cancel()
			}
		}
		cancel()
		return err
	}
}

// BenchmarkBoundary hands ints from one goroutine to another, at capacity 128: as many as there are, or one every now
// and then. x-cheaper is how many times the cost of ObserveOn is that of a channel, each in the best of many rounds,
// which alternate: what else the machine does is then neither's cost.
func BenchmarkBoundary(b *testing.B) {
	count := func(n int) numbers {
		return func(_ context.Context, emit func(int) bool) error {
			for i := 0; i < n && emit(i); i++ {
			}
			return nil
		}
	}
	b.Run("throughput", func(b *testing.B) {
		const items = 100_000
		queue, channel := time.Hour, time.Hour
		for round := 0; round < b.N; round++ {
			queue = min(queue, timeOf(operators.ObserveOn(count(items), 128)))
			channel = min(channel, timeOf(viaChannel(count(items), 128)))
		}
		b.ReportMetric(float64(queue)/items, "ObserveOn-ns/item")
		b.ReportMetric(float64(channel)/items, "channel-ns/item")
		b.ReportMetric(float64(channel)/float64(queue), "x-cheaper")
	})
	b.Run("latency/ObserveOn", func(b *testing.B) {
		latency(b, func(src instants) instants { return operators.ObserveOn(src, 128) })
	})
	b.Run("latency/channel", func(b *testing.B) {
		latency(b, func(src instants) instants { return viaChannel(src, 128) })
	})
}

// instants are the times at which they were emitted.
type instants = observable.Observable[time.Time]

func timeOf(stream numbers) time.Duration {
	begin := time.Now()
	_ = stream(context.Background(), benchConsume)
	return time.Since(begin)
}

// latency measures how long items take that find the consumer waiting.
func latency(b *testing.B, boundary func(instants) instants) {
	came := make(chan struct{}, 1)
	src := func(_ context.Context, emit func(time.Time) bool) error {
		for range b.N {
			for range 20 {
				runtime.Gosched() // until the consumer waits
			}
			if !emit(time.Now()) {
				break
			}
			<-came
		}
		return nil
	}
	took := make([]time.Duration, 0, b.N)
	_ = boundary(src)(context.Background(), func(sent time.Time) bool {
		took = append(took, time.Since(sent))
		came <- struct{}{}
		return true
	})
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2]), "p50-ns")
	b.ReportMetric(float64(took[len(took)*99/100]), "p99-ns")
}
