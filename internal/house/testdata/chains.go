// Package chains holds chains of operators that the compiler must turn into one loop each.
package chains

import (
	"context"

	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

func NestedForEach(ctx context.Context, items []int) (total int, err error) {
	err = operators.Scan(
		operators.Filter(
			operators.Map(source.FromSlice(items), func(v int) int { return 2 * v }),
			func(v int) bool { return v%3 != 0 },
		),
		0, func(acc, v int) int { return acc + v },
	).ForEach(ctx, func(v int) { total += v })
	return total, err
}

func NestedAll(ctx context.Context, items []int) (total int, err error) {
	for v, err := range operators.Scan(
		operators.Filter(
			operators.Map(source.FromSlice(items), func(v int) int { return 2 * v }),
			func(v int) bool { return v%3 != 0 },
		),
		0, func(acc, v int) int { return acc + v },
	).All(ctx) {
		if err != nil {
			return 0, err
		}
		total += v
	}
	return total, nil
}

func NestedCollect(ctx context.Context, items []int) ([]int, error) {
	return operators.Scan(
		operators.Filter(
			operators.Map(source.FromSlice(items), func(v int) int { return 2 * v }),
			func(v int) bool { return v%3 != 0 },
		),
		0, func(acc, v int) int { return acc + v },
	).Collect(ctx)
}

func NamedForEach(ctx context.Context, items []int) (total int, err error) {
	numbers := source.FromSlice(items)
	doubled := operators.Map(numbers, func(v int) int { return 2 * v })
	kept := operators.Filter(doubled, func(v int) bool { return v%3 != 0 })
	sums := operators.Scan(kept, 0, func(acc, v int) int { return acc + v })
	err = sums.ForEach(ctx, func(v int) { total += v })
	return total, err
}

func NamedAll(ctx context.Context, items []int) (total int, err error) {
	numbers := source.FromSlice(items)
	doubled := operators.Map(numbers, func(v int) int { return 2 * v })
	kept := operators.Filter(doubled, func(v int) bool { return v%3 != 0 })
	sums := operators.Scan(kept, 0, func(acc, v int) int { return acc + v })
	for v, err := range sums.All(ctx) {
		if err != nil {
			return 0, err
		}
		total += v
	}
	return total, nil
}

func Break(ctx context.Context, items []int) (total int) {
	numbers := source.FromSlice(items)
	doubled := operators.Map(numbers, func(v int) int { return 2 * v })
	kept := operators.Filter(doubled, func(v int) bool { return v%3 != 0 })
	sums := operators.Scan(kept, 0, func(acc, v int) int { return acc + v })
	for v, err := range sums.All(ctx) {
		if err != nil || v > 1000 {
			break
		}
		if v%2 == 0 {
			continue
		}
		total += v
	}
	return total
}

func Long(ctx context.Context) (total int, err error) {
	numbers := source.Generate(1, func(n int) (int, int, bool) { return n, n + 1, true })
	later := operators.SkipWhile(numbers, func(v int) bool { return v < 10 })
	doubled := operators.Map(later, func(v int) int { return 2 * v })
	kept := operators.Filter(doubled, func(v int) bool { return v%3 != 0 })
	different := operators.DistinctUntilChangedBy(kept, func(v int) int { return v / 8 })
	sums := operators.Scan(different, 0, func(acc, v int) int { return acc + v })
	small := operators.TakeWhile(sums, func(v int) bool { return v < 10_000 })
	err = operators.Take(small, 100).ForEach(ctx, func(v int) { total += v })
	return total, err
}
