package bench

import (
	"context"
	"strconv"
	"testing"

	"github.com/reactivex/rxgo/v2"
	"github.com/samber/ro"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

// The functions of a chain are variables, so that no contender has them inlined.
var (
	double = func(v int) int { return 2 * v }
	keep   = func(v int) bool { return v%3 != 0 }
	add    = func(acc, v int) int { return acc + v }
)

// BenchmarkChain is map → filter → scan over 100,000 ints.
func BenchmarkChain(b *testing.B) {
	const n = 100_000
	items, boxed := numbers(n), rxNumbers(n)
	rx := func(options ...rxgo.Option) func() int {
		return func() int {
			return sumRxGo(rxJust(boxed).
				Map(func(_ context.Context, v interface{}) (interface{}, error) { return double(v.(int)), nil }, options...).
				Filter(func(v interface{}) bool { return keep(v.(int)) }, options...).
				Scan(func(_ context.Context, acc, v interface{}) (interface{}, error) {
					if acc == nil {
						return v, nil
					}
					return add(acc.(int), v.(int)), nil
				}, options...))
		}
	}
	race(b, n, "item",
		limit(func() int {
			total, acc := 0, 0
			for _, v := range items {
				if v = double(v); keep(v) {
					acc = add(acc, v)
					total += acc
				}
			}
			return total
		}),
		rivulet(func() int {
			return sum(operators.Scan(operators.Filter(operators.Map(source.FromSlice(items), double), keep), 0, add))
		}),
		by("ro", func() int {
			return sumRo(ro.Pipe3(ro.FromSlice(items), ro.Map(double), ro.Filter(keep), ro.Scan(add, 0)))
		}),
		by("rxgo", rx()),
		by("rxgo-buffered", rx(rxgo.WithBufferedChannel(128))),
	)
}

// price is 72 bytes.
type price struct {
	id, bid int
	_       [56]byte
}

var (
	raise  = func(p price) price { p.bid++; return p }
	liquid = func(p price) bool { return p.id%3 != 0 }
	volume = func(acc int, p price) int { return acc + p.bid }
)

// BenchmarkChainOfStructs is the same over a struct of 72 bytes.
func BenchmarkChainOfStructs(b *testing.B) {
	const n = 100_000
	items := make([]price, n)
	for i := range items {
		items[i] = price{id: i, bid: i}
	}
	race(b, n, "item",
		limit(func() int {
			total, acc := 0, 0
			for _, p := range items {
				if p = raise(p); liquid(p) {
					acc = volume(acc, p)
					total += acc
				}
			}
			return total
		}),
		rivulet(func() int {
			return sum(operators.Scan(operators.Filter(operators.Map(source.FromSlice(items), raise), liquid), 0, volume))
		}),
		by("ro", func() int {
			return sumRo(ro.Pipe3(ro.FromSlice(items), ro.Map(raise), ro.Filter(liquid), ro.Scan(volume, 0)))
		}),
	)
}

var increment = func(v int) int { return v + 1 }

// BenchmarkDepth is a chain of maps: what a stage costs must not depend on how many there are.
func BenchmarkDepth(b *testing.B) {
	const n = 10_000
	items, boxed := numbers(n), rxNumbers(n)
	for _, depth := range []int{1, 4, 16, 64} {
		b.Run(strconv.Itoa(depth), func(b *testing.B) {
			contenders := []contender{
				limit(func() int {
					total := 0
					for _, v := range items {
						for range depth {
							v = increment(v)
						}
						total += v
					}
					return total
				}),
				rivulet(func() int {
					return sum(staged(source.FromSlice(items), depth, func(o observable.Observable[int]) observable.Observable[int] {
						return operators.Map(o, increment)
					}))
				}),
				by("ro", func() int { return sumRo(staged(ro.FromSlice(items), depth, ro.Map(increment))) }),
			}
			if depth <= 16 { // it takes a second beyond
				contenders = append(contenders, by("rxgo", func() int {
					return sumRxGo(staged(rxJust(boxed), depth, func(o rxgo.Observable) rxgo.Observable {
						return o.Map(func(_ context.Context, v interface{}) (interface{}, error) { return increment(v.(int)), nil })
					}))
				}))
			}
			race(b, n*depth, "stage", contenders...)
		})
	}
}

// staged applies a stage so many times.
func staged[O any](o O, depth int, stage func(O) O) O {
	for range depth {
		o = stage(o)
	}
	return o
}
