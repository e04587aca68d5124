package operators_test

import (
	"context"
	"testing"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

// The stages of the chain and its consumer are variables, so that neither the chain nor the loop can be inlined.
var (
	double  = func(v int) int { return 2 * v }
	keep    = func(v int) bool { return v%3 != 0 }
	add     = func(acc, v int) int { return acc + v }
	consume = func(v int) bool { sum += v; return true }
	sum     int
)

// chain is map → filter → scan.
func chain(src observable.Observable[int]) observable.Observable[int] {
	return operators.Scan(operators.Filter(operators.Map(src, double), keep), 0, add)
}

// BenchmarkChain compares the chain with a loop over the same functions; an op is 100,000 items.
func BenchmarkChain(b *testing.B) {
	numbers := make([]int, 100_000)
	for i := range numbers {
		numbers[i] = i
	}
	b.Run("chain", func(b *testing.B) {
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		run := chain(source.FromSlice(numbers))
		for b.Loop() {
			_ = run(ctx, consume)
		}
	})
	b.Run("loop", func(b *testing.B) {
		for b.Loop() {
			acc := 0
			for _, v := range numbers {
				if v = double(v); !keep(v) {
					continue
				}
				if acc = add(acc, v); !consume(acc) {
					break
				}
			}
		}
	})
}
