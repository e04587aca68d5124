package bench

import (
	"math"
	"strconv"
	"testing"

	"github.com/samber/ro"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

// BenchmarkMergeMany merges synchronous sources of 100,000 ints in all: the cost of an item must not grow with the number of
// sources. The limit is as many goroutines that share one buffered channel.
func BenchmarkMergeMany(b *testing.B) {
	const n = 100_000
	for _, sources := range []int{100, 1_000, 10_000} {
		b.Run(strconv.Itoa(sources), func(b *testing.B) {
			items := numbers(n / sources)
			race(b, n, "item",
				limit(func() int { return overSharedChannel(items, sources) }),
				rivulet(func() int {
					return sum(operators.Merge(split(sources, func() observable.Observable[int] { return source.FromSlice(items) })...))
				}),
			)
		})
	}
}

// BenchmarkGroupBy counts 100,000 ints by key, with one group for each. The limit is a goroutine and a channel for each key.
func BenchmarkGroupBy(b *testing.B) {
	const n = 100_000
	items := numbers(n)
	for _, keys := range []int{1, 100, 10_000} {
		b.Run(strconv.Itoa(keys), func(b *testing.B) {
			key := func(v int) int { return v % keys }
			race(b, n, "item",
				limit(func() int { return sumByChannels(items, keys) }),
				rivulet(func() int {
					groups := operators.GroupBy(source.FromSlice(items), key)
					return sum(operators.FlatMap(groups, math.MaxInt, func(g operators.Group[int, int]) observable.Observable[int] {
						return operators.Reduce(g.Items, 0, add)
					}))
				}),
				by("ro", func() int {
					groups := ro.GroupBy(key)(ro.FromSlice(items))
					return sumRo(ro.MergeMap(func(g ro.Observable[int]) ro.Observable[int] { return ro.Sum[int]()(g) })(groups))
				}),
			)
		})
	}
}

func sumByChannels(items []int, keys int) int {
	groups, sums := map[int]chan int{}, make(chan int, 128)
	go func() {
		for _, v := range items {
			group, ok := groups[v%keys]
			if !ok {
				group = make(chan int, 128)
				groups[v%keys] = group
				go func() {
					total := 0
					for v := range group {
						total += v
					}
					sums <- total
				}()
			}
			group <- v
		}
		for _, group := range groups {
			close(group)
		}
	}()
	total := 0
	for range keys {
		total += <-sums
	}
	return total
}
