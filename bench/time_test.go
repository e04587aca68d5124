package bench

import (
	"testing"
	"time"

	"github.com/reactivex/rxgo/v2"
	"github.com/samber/ro"

	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

// BenchmarkBufferTimeOrCount cuts 100,000 ints into slices of 100, under a timer that a fast source never lets fire.
// The limit is a channel and a timer by hand.
func BenchmarkBufferTimeOrCount(b *testing.B) {
	const n, size, span = 100_000, 100, time.Minute
	items, boxed := numbers(n), rxNumbers(n)
	race(b, n, "item",
		limit(func() int {
			c := make(chan int, 128)
			go func() {
				defer close(c)
				for _, v := range items {
					c <- v
				}
			}()
			timer := time.NewTimer(span)
			defer timer.Stop()
			total, buffer := 0, make([]int, 0, size)
			for {
				select {
				case v, ok := <-c:
					if !ok {
						return total + sumOf(buffer)
					}
					if buffer = append(buffer, v); len(buffer) < size {
						continue
					}
				case <-timer.C:
				}
				total += sumOf(buffer)
				buffer = make([]int, 0, size)
				timer.Reset(span)
			}
		}),
		rivulet(func() int {
			return sum(operators.Map(operators.BufferTimeOrCount(source.FromSlice(items), span, size), sumOf))
		}),
		by("ro", func() int {
			return sumRo(ro.Map(sumOf)(ro.BufferWithTimeOrCount[int](size, span)(ro.FromSlice(items))))
		}),
		by("rxgo", func() int {
			total := 0
			for item := range rxJust(boxed).BufferWithTimeOrCount(rxgo.WithDuration(span), size).Observe() {
				for _, v := range item.V.([]interface{}) {
					total += v.(int)
				}
			}
			return total
		}),
	)
}

// BenchmarkDebounce sends 100,000 ints that come too fast, so that only the last one is emitted. The limit is a channel and
// a timer by hand. RxGo loses the last one, so there is nothing to compare.
func BenchmarkDebounce(b *testing.B) {
	const n, span = 100_000, time.Minute
	items := numbers(n)
	race(b, n, "item",
		limit(func() int {
			c := make(chan int, 128)
			go func() {
				defer close(c)
				for _, v := range items {
					c <- v
				}
			}()
			timer := time.NewTimer(span)
			defer timer.Stop()
			total, pending := 0, 0
			for {
				select {
				case v, ok := <-c:
					if !ok {
						return total + pending
					}
					pending = v
					timer.Reset(span)
				case <-timer.C:
					total += pending
				}
			}
		}),
		rivulet(func() int { return sum(operators.Debounce(source.FromSlice(items), span)) }),
	)
}
