package operators_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

// compare runs an operator and what one would write in its place by turns, so that a busy machine is as unfair to the
// one as to the other. x-cheaper is how many times the cost of the operator is that of the other.
func compare(b *testing.B, items int, operator, byHand numbers) {
	b.Helper()
	var ours, theirs time.Duration
	for b.Loop() {
		ours += timeOf(operator)
		theirs += timeOf(byHand)
	}
	all := float64(b.N * items)
	b.ReportMetric(float64(ours)/all, "ns/item")
	b.ReportMetric(float64(theirs)/all, "by-hand-ns/item")
	b.ReportMetric(float64(theirs)/float64(ours), "x-cheaper")
	b.ReportMetric(0, "ns/op") // the sum of the two says nothing
}

// send puts v on a channel as long as ctx is not done.
func send(ctx context.Context, items chan<- int, v int) bool {
	select {
	case items <- v:
		return true
	case <-ctx.Done():
		return false
	}
}

// gather emits the items from the goroutines of a group, until the function that starts them returns and they end.
func gather(
	ctx context.Context, emit func(int) bool,
	start func(ctx context.Context, group *sync.WaitGroup, items chan<- int),
) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	items := make(chan int, 128)
	go func() {
		defer close(items)
		var group sync.WaitGroup
		start(ctx, &group, items)
		group.Wait()
	}()
	for v := range items {
		if !emit(v) {
			cancel()
		}
	}
	return context.Cause(ctx)
}

// BenchmarkMerge merges eight sources that never wait. By hand eight goroutines share a channel: one that is canceled
// by a context, and one that cannot be.
func BenchmarkMerge(b *testing.B) {
	const sources, each = 8, 12_500
	eight := func(put func(ctx context.Context, items chan<- int, v int) bool) numbers {
		return func(ctx context.Context, emit func(int) bool) error {
			return gather(ctx, emit, func(ctx context.Context, group *sync.WaitGroup, items chan<- int) {
				for range sources {
					group.Go(func() {
						for v := 0; v < each && put(ctx, items, v); v++ {
						}
					})
				}
			})
		}
	}
	var all [sources]numbers
	for i := range all {
		all[i] = source.Range(0, each)
	}
	b.Run("channel+ctx", func(b *testing.B) { compare(b, sources*each, operators.Merge(all[:]...), eight(send)) })
	b.Run("channel", func(b *testing.B) {
		put := func(_ context.Context, items chan<- int, v int) bool { items <- v; return true }
		compare(b, sources*each, operators.Merge(all[:]...), eight(put))
	})
}

// The flattening operators run streams of ten items, eight at a time where they run several.
const benchOuter, benchInner, benchPlaces = 1000, 10, 8

func benchStream(v int) numbers { return source.Range(v, benchInner) }

// BenchmarkFlatMap runs streams at the same time. By hand their goroutines share a channel.
func BenchmarkFlatMap(b *testing.B) {
	byHand := func(ctx context.Context, emit func(int) bool) error {
		return gather(ctx, emit, func(ctx context.Context, group *sync.WaitGroup, items chan<- int) {
			places := make(chan struct{}, benchPlaces)
			for i := range benchOuter {
				places <- struct{}{}
				group.Go(func() {
					defer func() { <-places }()
					_ = benchStream(i)(ctx, func(v int) bool { return send(ctx, items, v) })
				})
			}
		})
	}
	src := source.Range(0, benchOuter)
	b.Run("flatmap", func(b *testing.B) {
		compare(b, benchOuter*benchInner, operators.FlatMap(src, benchPlaces, benchStream), byHand)
	})
	b.Run("eager", func(b *testing.B) { // which keeps the order besides
		compare(b, benchOuter*benchInner, operators.ConcatMapEager(src, benchPlaces, benchStream), byHand)
	})
}

// BenchmarkSwitchMap goes over to the next stream when ten items have come. By hand each stream has a goroutine and a
// context, which is canceled, and the goroutine has ended, before the next stream.
func BenchmarkSwitchMap(b *testing.B) {
	switchMap := func(ctx context.Context, emit func(int) bool, src numbers) error {
		return operators.SwitchMap(src, benchStream)(ctx, emit)
	}
	byHand := func(ctx context.Context, emit func(int) bool, src numbers) error {
		outers, items, stop := make(chan int), make(chan int, 128), func() {}
		go func() {
			defer close(outers)
			_ = src(ctx, func(v int) bool { return send(ctx, outers, v) })
		}()
		for {
			select {
			case v, ok := <-outers:
				stop()
				if !ok {
					return nil
				}
				stop = benchBranch(ctx, benchStream(v), items)
			case v := <-items:
				emit(v)
			}
		}
	}
	compare(b, benchOuter*benchInner, inTurn(switchMap), inTurn(byHand))
}

// inTurn gives an operator a source that goes on after every ten items that the operator has emitted.
func inTurn(operator func(ctx context.Context, emit func(int) bool, src numbers) error) numbers {
	return func(ctx context.Context, emit func(int) bool) error {
		turn, n := make(chan struct{}, 1), 0
		src := func(_ context.Context, emit func(int) bool) error {
			for i := 0; i < benchOuter && emit(i); i++ {
				<-turn
			}
			return nil
		}
		return operator(ctx, func(v int) bool {
			if n++; n%benchInner == 0 {
				turn <- struct{}{}
			}
			return emit(v)
		}, src)
	}
}

// benchBranch runs a stream that can be stopped.
func benchBranch(ctx context.Context, stream numbers, items chan<- int) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = stream(ctx, func(v int) bool { return send(ctx, items, v) })
	}()
	return func() { cancel(); <-ended }
}

// BenchmarkZip2 pairs sources that never wait. By hand each has a channel.
func BenchmarkZip2(b *testing.B) {
	const items = 100_000
	byHand := func(ctx context.Context, emit func(int) bool) error {
		items := source.Range(0, items)
		as, bs := items.Observe(ctx, 128), items.Observe(ctx, 128)
		for a := range as {
			emit(a.Value + (<-bs).Value)
		}
		return nil
	}
	compare(b, items, operators.Zip2(source.Range(0, items), source.Range(0, items), add), byHand)
}

// BenchmarkParallelMap calls a function that does nothing, so that the way to the workers and back is measured. By hand
// each item has a goroutine and a channel for its result, and these channels come in order.
func BenchmarkParallelMap(b *testing.B) {
	const items = 10_000
	f := func(_ context.Context, v int) (int, error) { return v, nil }
	byHand := func(ctx context.Context, emit func(int) bool) error {
		results := make(chan chan int, benchPlaces)
		go func() {
			defer close(results)
			for i := range items {
				result := make(chan int, 1)
				results <- result
				go func() {
					v, _ := f(ctx, i)
					result <- v
				}()
			}
		}()
		for result := range results {
			emit(<-result)
		}
		return nil
	}
	compare(b, items, operators.ParallelMap(source.Range(0, items), benchPlaces, f), byHand)
}
