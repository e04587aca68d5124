package operators_test

import (
	"slices"
	"testing"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/operators"
)

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

func TestLawsOfDividing(t *testing.T) {
	law(t, "WindowCount", func(in input) (observable.Observable[[]int], [][]int) {
		size := in.count("size", 1)
		contents := operators.ConcatMap(operators.WindowCount(in.src(), size), operators.ToSlice[int])
		return contents, windows(in.items, size, size)
	})
	law(t, "GroupBy", func(in input) (numbers, []int) {
		groups := operators.ConcatMap(operators.GroupBy(in.src(), remainder), itemsOf)
		var want []int
		for _, key := range firsts(mapped(in.items, remainder), func(k int) int { return k }) {
			want = append(want, filtered(in.items, func(v int) bool { return remainder(v) == key })...)
		}
		return groups, want
	})
}
