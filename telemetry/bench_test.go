package telemetry_test

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/metric"

	"github.com/rivulet-go/rivulet/telemetry"
	"github.com/rivulet-go/rivulet/telemetry/internal/metrictest"
)

// BenchmarkItem shows what a stage adds to an item, in nanoseconds over a stage that only passes items on. It runs the
// stages by turns and takes the fastest turn of each, so that a busy machine disturbs it little. instrument must be less
// than 1. atomic and counter are what Instrument does not do for each item: an atomic addition, and an addition to a
// counter of OpenTelemetry.
func BenchmarkItem(b *testing.B) {
	meters, _ := metrictest.NewMeter()
	provider := telemetry.WithMeterProvider(meters)
	counter, err := meters.Meter("bench").Int64Counter("items")
	require.NoError(b, err)
	var n atomic.Int64
	recorded := []metric.AddOption{metric.WithAttributes()}
	stages := map[string]func(numbers) numbers{
		"bare":       bare,
		"instrument": func(src numbers) numbers { return telemetry.Instrument(src, "plain", provider) },
		"sampled": func(src numbers) numbers {
			return telemetry.Instrument(src, "sampled", provider, telemetry.WithConsumerDuration(),
				telemetry.WithLag(func(int) time.Time { return time.Unix(1, 0) }))
		},
		"atomic": func(src numbers) numbers { return tap(src, func(context.Context) { n.Add(1) }) },
		"counter": func(src numbers) numbers {
			return tap(src, func(ctx context.Context) { counter.Add(ctx, 1, recorded...) })
		},
	}
	for _, items := range []int{20_000, 200_000} {
		b.Run(fmt.Sprintf("items=%d", items), func(b *testing.B) {
			best := map[string]time.Duration{}
			for b.Loop() {
				for name, stage := range stages {
					took := timed(b.Context(), stage(count(items)))
					if best[name] == 0 || took < best[name] {
						best[name] = took
					}
				}
			}
			for name := range stages {
				if name != "bare" {
					b.ReportMetric(float64(best[name]-best["bare"])/float64(items), name+"-ns/item")
				}
			}
		})
	}
}

// timed is a function of its own, so that the compiler treats all stages alike.
//
//go:noinline
func timed(ctx context.Context, src numbers) time.Duration {
	began, total := time.Now(), 0
	if err := src(ctx, func(v int) bool { total += v; return true }); err != nil || total == 1 {
		panic(err)
	}
	return time.Since(began)
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
