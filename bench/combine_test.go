package bench

import (
	"context"
	"slices"
	"strconv"
	"sync"
	"testing"

	"github.com/reactivex/rxgo/v2"
	"github.com/samber/ro"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

// split returns so many sources of each items.
func split[O any](sources int, src func() O) []O {
	all := make([]O, sources)
	for i := range all {
		all[i] = src()
	}
	return all
}

// BenchmarkMerge merges synchronous sources of 64,000 ints in all. The limit is as many goroutines that share one
// buffered channel. ro runs synchronous sources one after the other, unless each is given a goroutine by SubscribeOn.
func BenchmarkMerge(b *testing.B) {
	const n = 64_000
	for _, sources := range []int{2, 8, 64} {
		b.Run(strconv.Itoa(sources), func(b *testing.B) {
			items, boxed := numbers(n/sources), rxNumbers(n/sources)
			race(b, n, "item",
				limit(func() int { return overSharedChannel(items, sources) }),
				rivulet(func() int {
					return sum(operators.Merge(split(sources, func() observable.Observable[int] { return source.FromSlice(items) })...))
				}),
				by("ro", func() int {
					return sumRo(ro.Merge(split(sources, func() ro.Observable[int] { return ro.FromSlice(items) })...))
				}),
				by("ro-concurrent", func() int {
					return sumRo(ro.Merge(split(sources, func() ro.Observable[int] {
						return ro.SubscribeOn[int](128)(ro.FromSlice(items))
					})...))
				}),
				by("rxgo", func() int {
					return sumRxGo(rxgo.Merge(split(sources, func() rxgo.Observable { return rxJust(boxed) })))
				}),
			)
		})
	}
}

func overSharedChannel(items []int, senders int) int {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	c := make(chan int, 128)
	var all sync.WaitGroup
	for range senders {
		all.Go(func() {
			for _, v := range items {
				select {
				case c <- v:
				case <-ctx.Done():
					return
				}
			}
		})
	}
	go func() {
		all.Wait()
		close(c)
	}()
	total := 0
	for v := range c {
		total += v
	}
	return total
}

var ten = numbers(10)

// BenchmarkFlatMap makes 10 ints of each of 2,000, eight at a time. The limit starts a goroutine for each.
func BenchmarkFlatMap(b *testing.B) {
	const n = 2_000
	outer, boxed, boxedTen := numbers(n), rxNumbers(n), rxNumbers(10)
	race(b, n*10, "item",
		limit(func() int {
			c, places := make(chan int, 128), make(chan struct{}, 8)
			go func() {
				var all sync.WaitGroup
				for range outer {
					places <- struct{}{}
					all.Go(func() {
						for _, v := range ten {
							c <- v
						}
						<-places
					})
				}
				all.Wait()
				close(c)
			}()
			total := 0
			for v := range c {
				total += v
			}
			return total
		}),
		rivulet(func() int {
			return sum(operators.FlatMap(source.FromSlice(outer), 8,
				func(int) observable.Observable[int] { return source.FromSlice(ten) }))
		}),
		by("rivulet-inline", func() int {
			return sum(operators.ConcatMap(source.FromSlice(outer),
				func(int) observable.Observable[int] { return source.FromSlice(ten) }))
		}),
		by("ro", func() int {
			return sumRo(ro.MergeMap(func(int) ro.Observable[int] { return ro.FromSlice(ten) })(ro.FromSlice(outer)))
		}),
		by("rxgo", func() int {
			return sumRxGo(rxJust(boxed).FlatMap(func(rxgo.Item) rxgo.Observable { return rxJust(boxedTen) }))
		}),
	)
}

// BenchmarkSwitchMap follows the latest of 2,000 inner streams. Each waits until the next one comes and is canceled then.
// The limit is a goroutine and a context for each.
func BenchmarkSwitchMap(b *testing.B) {
	const n = 2_000
	race(b, n, "switch",
		limit(func() int {
			total := 0
			for range n {
				ctx, cancel := context.WithCancel(context.Background())
				c, ended := make(chan int), make(chan struct{})
				go func() {
					defer close(ended)
					c <- 1
					<-ctx.Done()
				}()
				total += <-c
				cancel()
				<-ended
			}
			return total
		}),
		rivulet(func() int {
			next := make(chan int, 1)
			next <- 0
			total := 0
			one := operators.Concat(source.Of(1), source.Never[int]())
			latest := operators.SwitchMap(source.FromChannel(next), func(int) observable.Observable[int] { return one })
			_ = latest(context.Background(), func(v int) bool {
				total += v
				next <- 0
				return total < n
			})
			return total
		}),
	)
}

// BenchmarkZip pairs synchronous sources of 16,000 ints in all. The limit is a channel for each. (ro keeps all
// that the first source emits before it begins with the next.)
func BenchmarkZip(b *testing.B) {
	const n = 16_000
	for _, sources := range []int{2, 8, 64} {
		b.Run(strconv.Itoa(sources), func(b *testing.B) {
			items := numbers(n / sources)
			race(b, n, "item",
				limit(func() int {
					channels := make([]chan int, sources)
					for i := range channels {
						c := make(chan int, 128)
						channels[i] = c
						go func() {
							defer close(c)
							for _, v := range items {
								c <- v
							}
						}()
					}
					total := 0
					for range items {
						for _, c := range channels {
							total += <-c
						}
					}
					return total
				}),
				rivulet(func() int {
					all := split(sources, func() observable.Observable[int] { return source.FromSlice(items) })
					return sum(operators.Map(operators.ZipAll(all...), sumOf))
				}),
				by("ro", func() int {
					all := split(sources, func() ro.Observable[int] { return ro.FromSlice(items) })
					return sumRo(ro.Map(sumOf)(ro.Zip(all...)))
				}),
			)
		})
	}
}

// inPhase emits items, and waits after the first until all sources of its kind have.
func inPhase(items []int, first *sync.WaitGroup) observable.Observable[int] {
	return func(ctx context.Context, emit func(int) bool) error {
		if !emit(items[0]) {
			return nil
		}
		first.Done()
		first.Wait()
		return source.FromSlice(items[1:])(ctx, emit)
	}
}

func sumOf(values []int) (total int) {
	for _, v := range values {
		total += v
	}
	return total
}

// latestItem is an item of a source by hand.
type latestItem struct{ from, v int }

// combineByHand returns the last of the combinations.
func combineByHand(items []int, sources int) (last []int) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	c := make(chan latestItem, 128)
	var all, first sync.WaitGroup
	first.Add(sources)
	for from := range sources {
		all.Go(func() {
			for i, v := range items {
				select {
				case c <- latestItem{from, v}:
				case <-ctx.Done():
					return
				}
				if i == 0 {
					first.Done()
					first.Wait()
				}
			}
		})
	}
	go func() {
		all.Wait()
		close(c)
	}()
	latest, missing := make([]int, sources), sources
	for item := range c {
		if latest[item.from] == 0 {
			missing--
		}
		latest[item.from] = item.v
		if missing == 0 {
			last = slices.Clone(latest)
		}
	}
	return last
}

// BenchmarkCombineLatest combines sources of 16,000 equal ints in all, so that the checksum, the greatest sum, does
// not depend on how they interleave. All sources go on when each has emitted its first item: then every item makes a
// combination. The limit shares one channel, and makes a new slice of the latest items for every item.
func BenchmarkCombineLatest(b *testing.B) {
	const n = 16_000
	for _, sources := range []int{2, 8, 64} {
		b.Run(strconv.Itoa(sources), func(b *testing.B) {
			items := make([]int, n/sources)
			for i := range items {
				items[i] = 1
			}
			race(b, n, "item",
				limit(func() int { return sumOf(combineByHand(items, sources)) }),
				rivulet(func() int {
					var first sync.WaitGroup
					first.Add(sources)
					all := split(sources, func() observable.Observable[int] { return inPhase(items, &first) })
					last, _ := operators.CombineLatestAll(all...).Last(context.Background())
					return sumOf(last)
				}),
			)
		})
	}
}
