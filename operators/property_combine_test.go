package operators_test

import (
	"cmp"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

func TestLawsOfCombining(t *testing.T) {
	law(t, "Concat", func(in input) (numbers, []int) {
		more := in.more("more")
		return operators.Concat(in.src(), source.FromSlice(more)), slices.Concat(in.items, more)
	})
	law(t, "StartWith and EndWith", func(in input) (numbers, []int) {
		first, last := in.more("first"), in.more("last")
		return operators.EndWith(operators.StartWith(in.src(), first...), last...), slices.Concat(first, in.items, last)
	})
	law(t, "Repeat", func(in input) (numbers, []int) {
		n := in.count("n", 0)
		return operators.Repeat(in.src(), n), slices.Repeat(in.items, n)
	})
	law(t, "Catch", func(in input) (numbers, []int) {
		more := in.more("fallback")
		caught := operators.Catch(failing(in.items...), func(error) numbers { return source.FromSlice(more) })
		return caught, slices.Concat(in.items, more)
	})
	law(t, "OnErrorResumeNext", func(in input) (numbers, []int) {
		more := in.more("more")
		return operators.OnErrorResumeNext(failing(in.items...), source.FromSlice(more)), slices.Concat(in.items, more)
	})
	law(t, "Merge, sorted", func(in input) (observable.Observable[[]int], [][]int) {
		more := in.more("more")
		return sortedItems(operators.Merge(in.src(), source.FromSlice(more))), one(sorted(slices.Concat(in.items, more)))
	})
}

// sorted returns a sorted copy, never nil.
func sorted[T cmp.Ordered](items []T) []T {
	all := append([]T{}, items...)
	slices.Sort(all)
	return all
}

// zipped are the sums of the items of several slices, up to the end of the shortest.
func zipped(slicesOf ...[]int) []int {
	var all []int
	for i := range len(slicesOf[0]) {
		acc := 0
		for _, items := range slicesOf {
			if i >= len(items) {
				return all
			}
			acc += items[i]
		}
		all = append(all, acc)
	}
	return all
}

// spread are v copies of v; none if v is negative.
func spread(v int) []int { return slices.Repeat(one(v), max(v, 0)) }

func spreadOut(v int) numbers { return source.FromSlice(spread(v)) }

// sortedItems emits all items of a stream in one sorted slice.
func sortedItems(src numbers) observable.Observable[[]int] {
	return operators.Map(operators.ToSlice(src), sorted)
}

func TestLawsOfZipping(t *testing.T) {
	law(t, "Zip2", func(in input) (numbers, []int) {
		more := in.more("more")
		return operators.Zip2(in.src(), source.FromSlice(more), add), zipped(in.items, more)
	})
	law(t, "Zip3", func(in input) (numbers, []int) {
		b, c := in.more("b"), in.more("c")
		sums := operators.Zip3(in.src(), source.FromSlice(b), source.FromSlice(c), func(a, b, c int) int { return a + b + c })
		return sums, zipped(in.items, b, c)
	})
	law(t, "ZipAll", func(in input) (numbers, []int) {
		b, c := in.more("b"), in.more("c")
		rows := operators.ZipAll(in.src(), source.FromSlice(b), source.FromSlice(c))
		return operators.Map(rows, sum), zipped(in.items, b, c)
	})
	law(t, "SequenceEqual", func(in input) (observable.Observable[bool], []bool) {
		more := in.items
		if rapid.Bool().Draw(in.T, "different") {
			more = in.more("more")
		}
		return operators.SequenceEqual(in.src(), source.FromSlice(more)), one(slices.Equal(in.items, more))
	})
}

func TestLawsOfFlattening(t *testing.T) {
	law(t, "ConcatMap", func(in input) (numbers, []int) {
		return operators.ConcatMap(in.src(), spreadOut), slices.Concat(mapped(in.items, spread)...)
	})
	law(t, "ConcatMapEager", func(in input) (numbers, []int) {
		concurrency := in.count("concurrency", 1)
		return operators.ConcatMapEager(in.src(), concurrency, spreadOut), slices.Concat(mapped(in.items, spread)...)
	})
	law(t, "FlatMap, sorted", func(in input) (observable.Observable[[]int], [][]int) {
		concurrency := in.count("concurrency", 1)
		want := sorted(slices.Concat(mapped(in.items, spread)...))
		return sortedItems(operators.FlatMap(in.src(), concurrency, spreadOut)), one(want)
	})
	law(t, "FlatMap, one at a time", func(in input) (numbers, []int) {
		return operators.FlatMap(in.src(), 1, spreadOut), slices.Concat(mapped(in.items, spread)...)
	})
	law(t, "ParallelMap", func(in input) (numbers, []int) {
		workers := in.count("workers", 1)
		return operators.ParallelMap(in.src(), workers, tryDouble), mapped(in.items, double)
	})
	law(t, "Expand", func(in input) (numbers, []int) {
		return operators.Expand(in.src(), twoLower), expanded(in.items)
	})
	law(t, "Partition", func(in input) (numbers, []int) {
		yes, no := operators.Partition(in.src(), even)
		others := slices.DeleteFunc(slices.Clone(in.items), even)
		return operators.Concat(yes, no), slices.Concat(filtered(in.items, even), others)
	})
	law(t, "ForkJoin", func(in input) (observable.Observable[[]int], [][]int) {
		more := in.more("more")
		joined := operators.ForkJoin(in.src(), source.FromSlice(more))
		if len(in.items) == 0 || len(more) == 0 {
			return joined, nil
		}
		return joined, one([]int{in.items[len(in.items)-1], more[len(more)-1]})
	})
}

// lower are the items that twoLower emits: two, each lower by 1, for a positive item.
func lower(v int) []int {
	if v <= 0 {
		return nil
	}
	return []int{v - 1, v - 1}
}

func twoLower(v int) numbers { return source.FromSlice(lower(v)) }

// expanded are the items with, after each, those that come of it, level by level.
func expanded(items []int) []int {
	var all []int
	for _, v := range items {
		for level := one(v); len(level) > 0; level = slices.Concat(mapped(level, lower)...) {
			all = append(all, level...)
		}
	}
	return all
}
