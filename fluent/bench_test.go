package fluent_test

import (
	"context"
	"testing"

	"github.com/rivulet-go/rivulet/fluent"
	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

const items = 100_000

var numbers = func() []int {
	numbers := make([]int, items)
	for i := range numbers {
		numbers[i] = i
	}
	return numbers
}()

// The functions of the opaque chains are variables, so that the compiler cannot inline them.
var (
	double = func(v int) int { return 2 * v }
	keep   = func(v int) bool { return v%3 != 0 }
	rise   = func(p [2]int) int { return p[1] - p[0] }
)

// BenchmarkChain is map, filter, scan.
func BenchmarkChain(b *testing.B) {
	b.Run("inlined", func(b *testing.B) {
		compare(b, func(ctx context.Context) (total int, err error) {
			doubled := operators.Map(source.FromSlice(numbers), func(v int) int { return 2 * v })
			kept := operators.Filter(doubled, func(v int) bool { return v%3 != 0 })
			sums := operators.Scan(kept, 0, func(acc, v int) int { return acc + v })
			err = sums.ForEach(ctx, func(v int) { total += v })
			return total, err
		}, func(ctx context.Context) (total int, err error) {
			err = fluent.From(source.FromSlice(numbers)).
				Map(func(v int) int { return 2 * v }).
				Filter(func(v int) bool { return v%3 != 0 }).
				Scan(0, func(acc, v int) int { return acc + v }).
				ForEach(ctx, func(v int) { total += v })
			return total, err
		})
	})
	b.Run("opaque", func(b *testing.B) {
		compare(b, func(ctx context.Context) (total int, err error) {
			sums := operators.Scan(operators.Filter(operators.Map(source.FromSlice(numbers), double), keep), 0, plus)
			err = sums.ForEach(ctx, func(v int) { total += v })
			return total, err
		}, func(ctx context.Context) (total int, err error) {
			sums := fluent.From(source.FromSlice(numbers)).Map(double).Filter(keep).Scan(0, plus)
			err = sums.ForEach(ctx, func(v int) { total += v })
			return total, err
		})
	})
}

// BenchmarkPairwise is filter, pairwise, map. The items of Pairwise are built from those of its source.
func BenchmarkPairwise(b *testing.B) {
	b.Run("inlined", func(b *testing.B) {
		compare(b, func(ctx context.Context) (total int, err error) {
			kept := operators.Filter(source.FromSlice(numbers), func(v int) bool { return v%3 != 0 })
			rises := operators.Map(operators.Pairwise(kept), func(p [2]int) int { return p[1] - p[0] })
			err = rises.ForEach(ctx, func(v int) { total += v })
			return total, err
		}, func(ctx context.Context) (total int, err error) {
			err = fluent.From(source.FromSlice(numbers)).
				Filter(func(v int) bool { return v%3 != 0 }).
				Pairwise().
				Map(func(p [2]int) int { return p[1] - p[0] }).
				ForEach(ctx, func(v int) { total += v })
			return total, err
		})
	})
	b.Run("opaque", func(b *testing.B) {
		compare(b, func(ctx context.Context) (total int, err error) {
			rises := operators.Map(operators.Pairwise(operators.Filter(source.FromSlice(numbers), keep)), rise)
			err = rises.ForEach(ctx, func(v int) { total += v })
			return total, err
		}, func(ctx context.Context) (total int, err error) {
			rises := fluent.From(source.FromSlice(numbers)).Filter(keep).Pairwise().Map(rise)
			err = rises.ForEach(ctx, func(v int) { total += v })
			return total, err
		})
	})
}

// BenchmarkHistory is filter, history, in a loop over All.
func BenchmarkHistory(b *testing.B) {
	compare(b, func(ctx context.Context) (total int, err error) {
		recent := operators.History(operators.Filter(source.FromSlice(numbers), keep), 20)
		for history, err := range recent.All(ctx) {
			if err != nil {
				return 0, err
			}
			total += history[0]
		}
		return total, nil
	}, func(ctx context.Context) (total int, err error) {
		for history, err := range fluent.From(source.FromSlice(numbers)).Filter(keep).History(20).All(ctx) {
			if err != nil {
				return 0, err
			}
			total += history[0]
		}
		return total, nil
	})
}

// compare runs the chain of functions and the chain of methods, which must have the same result.
func compare(b *testing.B, functions, methods func(context.Context) (int, error)) {
	var totals [2]int
	for i, run := range []func(context.Context) (int, error){functions, methods} {
		b.Run([]string{"functions", "methods"}[i], func(b *testing.B) {
			for b.Loop() {
				total, err := run(b.Context())
				if err != nil {
					b.Fatal(err)
				}
				totals[i] = total
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/items, "ns/item")
		})
	}
	if totals[0] != totals[1] {
		b.Fatalf("functions gave %d, methods %d", totals[0], totals[1])
	}
}
