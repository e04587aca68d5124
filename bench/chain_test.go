package bench

import (
	"context"
	"iter"
	"slices"
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
	stages := []stage{
		func(src observable.Observable[int]) observable.Observable[int] { return operators.Map(src, double) },
		func(src observable.Observable[int]) observable.Observable[int] { return operators.Filter(src, keep) },
		func(src observable.Observable[int]) observable.Observable[int] { return operators.Scan(src, 0, add) },
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
		rivulet(canceling(func(ctx context.Context) (total int) {
			chain := operators.Scan(operators.Filter(operators.Map(source.FromSlice(items), double), keep), 0, add)
			if err := chain.ForEach(ctx, func(v int) { total += v }); err != nil {
				panic(err)
			}
			return total
		})),
		by("rivulet-stages", func() int {
			chain := source.FromSlice(items)
			for _, add := range stages {
				chain = add(chain)
			}
			return sum(chain)
		}),
		by("seq", func() (total int) {
			for v := range scanSeq(filterSeq(mapSeq(slices.Values(items), double), keep), 0, add) {
				total += v
			}
			return total
		}),
		by("ro", func() int {
			return sumRo(ro.Pipe3(ro.FromSlice(items), ro.Map(double), ro.Filter(keep), ro.Scan(add, 0)))
		}),
		by("rxgo", rx()),
		by("rxgo-buffered", rx(rxgo.WithBufferedChannel(128))),
	)
}

// stage is a step of a chain that is composed at run time.
type stage func(observable.Observable[int]) observable.Observable[int]

// The same stages for iterators, which know neither a context nor an error.

func mapSeq[A, B any](src iter.Seq[A], f func(A) B) iter.Seq[B] {
	return func(yield func(B) bool) {
		for v := range src {
			if !yield(f(v)) {
				return
			}
		}
	}
}

func filterSeq[T any](src iter.Seq[T], keep func(T) bool) iter.Seq[T] {
	return func(yield func(T) bool) {
		for v := range src {
			if keep(v) && !yield(v) {
				return
			}
		}
	}
}

func scanSeq[T, A any](src iter.Seq[T], seed A, f func(A, T) A) iter.Seq[A] {
	return func(yield func(A) bool) {
		acc := seed
		for v := range src {
			if acc = f(acc, v); !yield(acc) {
				return
			}
		}
	}
}

// BenchmarkChainOfLiterals is the same chain with functions that the compiler can inline. The limit is the loop into
// which a programmer would write them. Each case is another way to write the chain down.
func BenchmarkChainOfLiterals(b *testing.B) {
	const n = 100_000
	items := numbers(n)
	loop := limit(func() int {
		total, acc := 0, 0
		for _, v := range items {
			if v = 2 * v; v%3 != 0 {
				acc += v
				total += acc
			}
		}
		return total
	})
	for _, c := range []struct {
		name         string
		rivulet, seq func(ctx context.Context, items []int) int
	}{
		{"nested/ForEach", nestedForEach, nestedSeq},
		{"nested/All", nestedAll, nestedSeq},
		{"named/ForEach", namedForEach, namedSeq},
		{"named/All", namedAll, namedSeq},
	} {
		bind := func(run func(context.Context, []int) int) func() int {
			return canceling(func(ctx context.Context) int { return run(ctx, items) })
		}
		b.Run(c.name, func(b *testing.B) {
			race(b, n, "item", loop, rivulet(bind(c.rivulet)), by("seq", bind(c.seq)))
		})
	}
}

// Each chain has a function of its own: in the body of a loop over b.Loop the compiler keeps variables alive, and
// inlines less.

func nestedForEach(ctx context.Context, items []int) (total int) {
	err := operators.Scan(
		operators.Filter(
			operators.Map(source.FromSlice(items), func(v int) int { return 2 * v }),
			func(v int) bool { return v%3 != 0 }),
		0, func(acc, v int) int { return acc + v },
	).ForEach(ctx, func(v int) { total += v })
	if err != nil {
		panic(err)
	}
	return total
}

func nestedAll(ctx context.Context, items []int) (total int) {
	for v, err := range operators.Scan(
		operators.Filter(
			operators.Map(source.FromSlice(items), func(v int) int { return 2 * v }),
			func(v int) bool { return v%3 != 0 }),
		0, func(acc, v int) int { return acc + v },
	).All(ctx) {
		if err != nil {
			panic(err)
		}
		total += v
	}
	return total
}

func namedForEach(ctx context.Context, items []int) (total int) {
	numbers := source.FromSlice(items)
	doubled := operators.Map(numbers, func(v int) int { return 2 * v })
	kept := operators.Filter(doubled, func(v int) bool { return v%3 != 0 })
	sums := operators.Scan(kept, 0, func(acc, v int) int { return acc + v })
	if err := sums.ForEach(ctx, func(v int) { total += v }); err != nil {
		panic(err)
	}
	return total
}

func namedAll(ctx context.Context, items []int) (total int) {
	numbers := source.FromSlice(items)
	doubled := operators.Map(numbers, func(v int) int { return 2 * v })
	kept := operators.Filter(doubled, func(v int) bool { return v%3 != 0 })
	sums := operators.Scan(kept, 0, func(acc, v int) int { return acc + v })
	for v, err := range sums.All(ctx) {
		if err != nil {
			panic(err)
		}
		total += v
	}
	return total
}

func nestedSeq(_ context.Context, items []int) (total int) {
	for v := range scanSeq(
		filterSeq(
			mapSeq(slices.Values(items), func(v int) int { return 2 * v }),
			func(v int) bool { return v%3 != 0 }),
		0, func(acc, v int) int { return acc + v },
	) {
		total += v
	}
	return total
}

func namedSeq(_ context.Context, items []int) (total int) {
	numbers := slices.Values(items)
	doubled := mapSeq(numbers, func(v int) int { return 2 * v })
	kept := filterSeq(doubled, func(v int) bool { return v%3 != 0 })
	sums := scanSeq(kept, 0, func(acc, v int) int { return acc + v })
	for v := range sums {
		total += v
	}
	return total
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
