package operators_test

import (
	"slices"
	"testing"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/operators"
)

// firsts are the items whose key none before has.
func firsts[T any, K comparable](items []T, key func(T) K) []T {
	seen := map[K]bool{}
	return filtered(items, func(v T) bool {
		known := seen[key(v)]
		seen[key(v)] = true
		return !known
	})
}

// until returns the index of the first item that stop accepts, or the number of items.
func until[T any](items []T, stop func(T) bool) int {
	if i := slices.IndexFunc(items, stop); i >= 0 {
		return i
	}
	return len(items)
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
