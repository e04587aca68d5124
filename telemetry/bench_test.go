package telemetry_test

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"go.opentelemetry.io/otel/metric"

	"github.com/rivulet-go/rivulet/telemetry"
)

// BenchmarkItem measures what a stage costs for an item. bare is a stage that only passes items on. instrument must be
// less than a nanosecond above it. atomic and counter are what Instrument does not do for each item: an atomic addition,
// and an addition to a counter of OpenTelemetry.
func BenchmarkItem(b *testing.B) {
	meters, _ := newMeter()
	counter, err := meters.Meter("bench").Int64Counter("items")
	if err != nil {
		b.Fatal(err)
	}
	recorded := []metric.AddOption{metric.WithAttributes()}
	for name, stage := range map[string]func(numbers) numbers{
		"none": func(src numbers) numbers { return src },
		"bare": bare,
		"instrument": func(src numbers) numbers {
			return telemetry.Instrument(src, "bench", telemetry.WithMeterProvider(meters))
		},
		"sampled": func(src numbers) numbers {
			return telemetry.Instrument(src, "sampled", telemetry.WithMeterProvider(meters), telemetry.WithConsumerDuration(),
				telemetry.WithLag(func(int) time.Time { return time.Unix(1, 0) }))
		},
		"atomic": func(src numbers) numbers {
			var n atomic.Int64
			return tap(src, func(context.Context) { n.Add(1) })
		},
		"counter": func(src numbers) numbers {
			return tap(src, func(ctx context.Context) { counter.Add(ctx, 1, recorded...) })
		},
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			sum(b, stage(count(b.N)))
		})
	}
}

// sum is a function of its own, so that the compiler treats all stages alike.
//
//go:noinline
func sum(b *testing.B, src numbers) {
	total := 0
	if err := src(b.Context(), func(v int) bool { total += v; return true }); err != nil || total == 1 {
		b.Fatal(err)
	}
}

// count emits n numbers.
func count(n int) numbers {
	return func(ctx context.Context, emit func(int) bool) error {
		for i := range n {
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
			if !emit(i) {
				return nil
			}
		}
		return nil
	}
}

func bare(src numbers) numbers {
	return func(ctx context.Context, emit func(int) bool) error {
		return src(ctx, func(v int) bool { return emit(v) })
	}
}

func tap(src numbers, f func(context.Context)) numbers {
	return func(ctx context.Context, emit func(int) bool) error {
		return src(ctx, func(v int) bool {
			f(ctx)
			return emit(v)
		})
	}
}
