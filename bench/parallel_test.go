package bench

import (
	"context"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

// BenchmarkParallelMap does 1 µs, 100 µs and 1 ms of work on each item, with a worker for each processor. The limit is
// a pool written by hand, which does not keep the order.
func BenchmarkParallelMap(b *testing.B) {
	workers := runtime.GOMAXPROCS(0)
	for _, c := range []struct {
		work time.Duration
		n    int
	}{{time.Microsecond, 20_000}, {100 * time.Microsecond, 1000}, {time.Millisecond, 100}} {
		b.Run(c.work.String(), func(b *testing.B) {
			items, rounds := numbers(c.n), calibrate(c.work)
			race(b, c.n, "item",
				limit(func() int { return pool(items, workers, rounds) }),
				rivulet(func() int {
					return sum(operators.ParallelMap(source.FromSlice(items), workers,
						func(_ context.Context, v int) (int, error) { return work(v, rounds), nil }))
				}),
			)
		})
	}
}

// work keeps a processor busy for so many rounds and returns v.
func work(v, rounds int) int {
	x := uint64(v) | 1
	for range rounds {
		x ^= x << 13
		x ^= x >> 7
		x ^= x << 17
	}
	if x == 0 { // never: a xorshift has no way to 0
		return 0
	}
	return v
}

// calibrate returns how many rounds take d here and now.
func calibrate(d time.Duration) int {
	const rounds = 10_000_000
	begin := time.Now()
	if work(1, rounds) != 1 {
		panic("work returns what it is given")
	}
	return max(int(rounds*d/time.Since(begin)), 1)
}

func pool(items []int, workers, rounds int) int {
	in, out := make(chan int, 128), make(chan int, 128)
	var all sync.WaitGroup
	for range workers {
		all.Go(func() {
			for v := range in {
				out <- work(v, rounds)
			}
		})
	}
	go func() {
		for _, v := range items {
			in <- v
		}
		close(in)
		all.Wait()
		close(out)
	}()
	total := 0
	for v := range out {
		total += v
	}
	return total
}
