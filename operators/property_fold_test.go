package operators_test

import (
	"cmp"
	"slices"
	"testing"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

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
