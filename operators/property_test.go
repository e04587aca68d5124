package operators_test

import (
	"cmp"
	"context"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

// input is what a law is tried with: random items, and small random numbers for an operator's settings.
type input struct {
	*rapid.T
	items []int
}

func (in input) src() numbers { return source.FromSlice(in.items) }

// count draws a number from lowest to 9.
func (in input) count(name string, lowest int) int { return rapid.IntRange(lowest, 9).Draw(in.T, name) }

// more draws further items.
func (in input) more(name string) []int {
	return rapid.SliceOfN(rapid.IntRange(-4, 4), 0, 12).Draw(in.T, name)
}

// law tries what an operator makes of random items against what a computation on slices makes of them: the whole of
// it, and what comes up to a random item at which it is stopped.
func law[T any](t *testing.T, name string, build func(in input) (observable.Observable[T], []T)) {
	lawWithFailure(t, name, func(in input) (observable.Observable[T], []T, error) {
		o, want := build(in)
		return o, want, nil
	})
}

// lawWithFailure is law for an operator that fails for some inputs.
func lawWithFailure[T any](t *testing.T, name string, build func(in input) (observable.Observable[T], []T, error)) {
	t.Run(name, func(t *testing.T) {
		rapid.Check(t, func(r *rapid.T) {
			in := input{T: r}
			in.items = in.more("items")
			o, want, failure := build(in)
			got, err := o.Collect(t.Context())
			require.Equal(r, failure, err)
			requireSame(r, want, got)
			if len(want) > 0 {
				requireStops(r, o, want, rapid.IntRange(1, len(want)).Draw(r, "stop at"))
			}
		})
	})
}

// requireStops requires that o, stopped at an item, has emitted what is wanted up to there and ends without an error.
func requireStops[T any](r *rapid.T, o observable.Observable[T], want []T, stopAt int) {
	var got []T
	err := o(r.Context(), func(v T) bool {
		got = append(got, v)
		return len(got) < stopAt
	})
	require.NoError(r, err)
	requireSame(r, want[:stopAt], got)
}

// requireSame does not tell nil from a slice without items.
func requireSame[T any](r *rapid.T, want, got []T) {
	require.Len(r, got, len(want))
	for i := range want {
		require.Equal(r, want[i], got[i], "item %d", i)
	}
}

func double(v int) int    { return 2 * v }
func negative(v int) bool { return v < 0 }

func filtered[T any](items []T, keep func(T) bool) []T {
	return slices.DeleteFunc(slices.Clone(items), func(v T) bool { return !keep(v) })
}

func mapped[A, B any](items []A, f func(A) B) []B {
	var all []B
	for _, v := range items {
		all = append(all, f(v))
	}
	return all
}

// firsts are the items whose key none before has.
func firsts[T any, K comparable](items []T, key func(T) K) []T {
	seen := map[K]bool{}
	return filtered(items, func(v T) bool {
		known := seen[key(v)]
		seen[key(v)] = true
		return !known
	})
}

// until is the index of the first item for which stop is true, or the number of items.
func until[T any](items []T, stop func(T) bool) int {
	if i := slices.IndexFunc(items, stop); i >= 0 {
		return i
	}
	return len(items)
}

func TestLawsOfTransforming(t *testing.T) {
	law(t, "Map", func(in input) (numbers, []int) {
		return operators.Map(in.src(), double), mapped(in.items, double)
	})
	law(t, "Scan", func(in input) (numbers, []int) {
		acc := 0
		return operators.Scan(in.src(), 0, add), mapped(in.items, func(v int) int { acc += v; return acc })
	})
	law(t, "Reduce", func(in input) (numbers, []int) {
		return operators.Reduce(in.src(), 0, add), one(sum(in.items))
	})
	law(t, "Pairwise", func(in input) (observable.Observable[[2]int], [][2]int) {
		var want [][2]int
		for i := 1; i < len(in.items); i++ {
			want = append(want, [2]int{in.items[i-1], in.items[i]})
		}
		return operators.Pairwise(in.src()), want
	})
	law(t, "History", func(in input) (observable.Observable[[]int], [][]int) {
		n := in.count("n", 1)
		var want [][]int
		for i := range in.items {
			latest := slices.Clone(in.items[max(0, i+1-n) : i+1])
			slices.Reverse(latest)
			want = append(want, latest)
		}
		return operators.History(in.src(), n), want
	})
	law(t, "Enumerate", func(in input) (observable.Observable[operators.Indexed[int]], []operators.Indexed[int]) {
		var want []operators.Indexed[int]
		for i, v := range in.items {
			want = append(want, operators.Indexed[int]{Index: i, Value: v})
		}
		return operators.Enumerate(in.src()), want
	})
	law(t, "Flatten of BufferCount", func(in input) (numbers, []int) {
		n := in.count("size", 1)
		return operators.Flatten(operators.BufferCount(in.src(), n, n)), in.items
	})
	law(t, "Dematerialize of Materialize", func(in input) (numbers, []int) {
		return operators.Dematerialize(operators.Materialize(in.src())), in.items
	})
}

// windows are what BufferCount makes of items.
func windows(items []int, size, every int) [][]int {
	var all [][]int
	for from := 0; from < len(items); from += every {
		all = append(all, items[from:min(from+size, len(items))])
	}
	return all
}

func TestLawsOfBuffering(t *testing.T) {
	law(t, "BufferCount", func(in input) (observable.Observable[[]int], [][]int) {
		size, every := in.count("size", 1), in.count("every", 1)
		return operators.BufferCount(in.src(), size, every), windows(in.items, size, every)
	})
}

func TestLawsOfFiltering(t *testing.T) {
	law(t, "Filter", func(in input) (numbers, []int) {
		return operators.Filter(in.src(), even), filtered(in.items, even)
	})
	law(t, "Take", func(in input) (numbers, []int) {
		n := in.count("n", 0)
		return operators.Take(in.src(), n), in.items[:min(n, len(in.items))]
	})
	law(t, "TakeLast", func(in input) (numbers, []int) {
		n := in.count("n", 0)
		return operators.TakeLast(in.src(), n), in.items[max(0, len(in.items)-n):]
	})
	law(t, "TakeWhile", func(in input) (numbers, []int) {
		more := func(v int) bool { return !negative(v) }
		return operators.TakeWhile(in.src(), more), in.items[:until(in.items, negative)]
	})
	law(t, "TakeThrough", func(in input) (numbers, []int) {
		more := func(v int) bool { return !negative(v) }
		return operators.TakeThrough(in.src(), more), in.items[:min(until(in.items, negative)+1, len(in.items))]
	})
	law(t, "Skip", func(in input) (numbers, []int) {
		n := in.count("n", 0)
		return operators.Skip(in.src(), n), in.items[min(n, len(in.items)):]
	})
	law(t, "SkipLast", func(in input) (numbers, []int) {
		n := in.count("n", 0)
		return operators.SkipLast(in.src(), n), in.items[:max(0, len(in.items)-n)]
	})
	law(t, "SkipWhile", func(in input) (numbers, []int) {
		return operators.SkipWhile(in.src(), even), in.items[until(in.items, func(v int) bool { return !even(v) }):]
	})
	law(t, "Find", func(in input) (numbers, []int) {
		found := filtered(in.items, negative)
		return operators.Find(in.src(), negative), found[:min(1, len(found))]
	})
	law(t, "IgnoreElements", func(in input) (numbers, []int) {
		return operators.IgnoreElements(in.src()), nil
	})
	law(t, "Distinct", func(in input) (numbers, []int) {
		return operators.Distinct(in.src()), firsts(in.items, func(v int) int { return v })
	})
	law(t, "DistinctBy", func(in input) (numbers, []int) {
		return operators.DistinctBy(in.src(), even), firsts(in.items, even)
	})
	law(t, "DistinctUntilChanged", func(in input) (numbers, []int) {
		return operators.DistinctUntilChanged(in.src()), slices.Compact(slices.Clone(in.items))
	})
	law(t, "DistinctUntilChangedBy", func(in input) (numbers, []int) {
		want := slices.CompactFunc(slices.Clone(in.items), func(a, b int) bool { return even(a) == even(b) })
		return operators.DistinctUntilChangedBy(in.src(), even), want
	})
}

// element is what picks one item give: the item at an index, or a failure.
func element(items []int, index int, missing error) ([]int, error) {
	if index < 0 || index >= len(items) {
		return nil, missing
	}
	return items[index : index+1], nil
}

func TestLawsOfElements(t *testing.T) {
	lawWithFailure(t, "First", func(in input) (numbers, []int, error) {
		want, failure := element(in.items, 0, observable.ErrEmpty)
		return operators.First(in.src()), want, failure
	})
	lawWithFailure(t, "Last", func(in input) (numbers, []int, error) {
		want, failure := element(in.items, len(in.items)-1, observable.ErrEmpty)
		return operators.Last(in.src()), want, failure
	})
	lawWithFailure(t, "ElementAt", func(in input) (numbers, []int, error) {
		index := in.count("index", 0)
		want, failure := element(in.items, index, operators.ErrOutOfRange)
		return operators.ElementAt(in.src(), index), want, failure
	})
	lawWithFailure(t, "Single", func(in input) (numbers, []int, error) {
		if len(in.items) > 1 {
			return operators.Single(in.src()), nil, operators.ErrMoreThanOne
		}
		want, failure := element(in.items, 0, observable.ErrEmpty)
		return operators.Single(in.src()), want, failure
	})
}

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

// one is a stream of one answer.
func one[T any](v T) []T { return []T{v} }

func TestLawsOfConditions(t *testing.T) {
	law(t, "All", func(in input) (observable.Observable[bool], []bool) {
		return operators.All(in.src(), even), one(len(filtered(in.items, even)) == len(in.items))
	})
	law(t, "Any", func(in input) (observable.Observable[bool], []bool) {
		return operators.Any(in.src(), negative), one(slices.ContainsFunc(in.items, negative))
	})
	law(t, "Contains", func(in input) (observable.Observable[bool], []bool) {
		v := in.count("item", 0)
		return operators.Contains(in.src(), v), one(slices.Contains(in.items, v))
	})
	law(t, "IsEmpty", func(in input) (observable.Observable[bool], []bool) {
		return operators.IsEmpty(in.src()), one(len(in.items) == 0)
	})
	law(t, "DefaultIfEmpty", func(in input) (numbers, []int) {
		if len(in.items) == 0 {
			return operators.DefaultIfEmpty(in.src(), 7), one(7)
		}
		return operators.DefaultIfEmpty(in.src(), 7), in.items
	})
	law(t, "SwitchIfEmpty", func(in input) (numbers, []int) {
		more := in.more("fallback")
		if len(in.items) == 0 {
			return operators.SwitchIfEmpty(in.src(), source.FromSlice(more)), more
		}
		return operators.SwitchIfEmpty(in.src(), source.FromSlice(more)), in.items
	})
}

// best is what Min and the like give of items: none, or the one that choose returns.
func best(items []int, choose func([]int) int) []int {
	if len(items) == 0 {
		return nil
	}
	return one(choose(items))
}

func sum(items []int) int {
	acc := 0
	for _, v := range items {
		acc += v
	}
	return acc
}

func square(v int) int { return v * v }

func bySquare(a, b int) int { return cmp.Compare(square(a), square(b)) }

func TestLawsOfMathematics(t *testing.T) {
	law(t, "Count", func(in input) (numbers, []int) { return operators.Count(in.src()), one(len(in.items)) })
	law(t, "Sum", func(in input) (numbers, []int) { return operators.Sum(in.src()), one(sum(in.items)) })
	law(t, "Average", func(in input) (observable.Observable[float64], []float64) {
		if len(in.items) == 0 {
			return operators.Average(in.src()), nil
		}
		return operators.Average(in.src()), one(float64(sum(in.items)) / float64(len(in.items)))
	})
	law(t, "Min", func(in input) (numbers, []int) { return operators.Min(in.src()), best(in.items, slices.Min) })
	law(t, "Max", func(in input) (numbers, []int) { return operators.Max(in.src()), best(in.items, slices.Max) })
	law(t, "MinBy", func(in input) (numbers, []int) {
		least := func(items []int) int { return slices.MinFunc(items, bySquare) }
		return operators.MinBy(in.src(), square), best(in.items, least)
	})
	law(t, "MaxBy", func(in input) (numbers, []int) {
		greatest := func(items []int) int { return slices.MaxFunc(items, bySquare) }
		return operators.MaxBy(in.src(), square), best(in.items, greatest)
	})
	law(t, "ToSlice", func(in input) (observable.Observable[[]int], [][]int) {
		return operators.ToSlice(in.src()), one(append([]int{}, in.items...))
	})
	law(t, "ToMap", func(in input) (observable.Observable[map[bool]int], []map[bool]int) {
		want := map[bool]int{}
		for _, v := range in.items {
			want[even(v)] = v
		}
		return operators.ToMap(in.src(), func(v int) (bool, int) { return even(v), v }), one(want)
	})
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
		return operators.Map(operators.ZipAll(in.src(), source.FromSlice(b), source.FromSlice(c)), sum), zipped(in.items, b, c)
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
		doubled := operators.ParallelMap(in.src(), workers, func(_ context.Context, v int) (int, error) { return double(v), nil })
		return doubled, mapped(in.items, double)
	})
	law(t, "Expand", func(in input) (numbers, []int) {
		return operators.Expand(in.src(), twoLower), expanded(in.items)
	})
	law(t, "Partition", func(in input) (numbers, []int) {
		yes, no := operators.Partition(in.src(), even)
		return operators.Concat(yes, no), slices.Concat(filtered(in.items, even), slices.DeleteFunc(slices.Clone(in.items), even))
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
