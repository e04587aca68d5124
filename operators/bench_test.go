package operators_test

import (
	"context"
	"testing"

	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

// The stages of the chain and its consumer are variables, so that neither the chain nor the loop can be inlined.
var (
	benchDouble  = func(v int) int { return 2 * v }
	benchKeep    = func(v int) bool { return v%3 != 0 }
	benchAdd     = func(acc, v int) int { return acc + v }
	benchConsume = func(v int) bool { benchSum += v; return true }
	benchSum     int
)

// chain is map → filter → scan.
func chain(src numbers) numbers {
	return operators.Scan(operators.Filter(operators.Map(src, benchDouble), benchKeep), 0, benchAdd)
}

// BenchmarkChain compares the chain with a loop over the same functions; an op is 100,000 items.
func BenchmarkChain(b *testing.B) {
	items := make([]int, 100_000)
	for i := range items {
		items[i] = i
	}
	b.Run("chain", func(b *testing.B) {
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		run := chain(source.FromSlice(items))
		for b.Loop() {
			_ = run(ctx, benchConsume)
		}
	})
	b.Run("loop", func(b *testing.B) {
		for b.Loop() {
			acc := 0
			for _, v := range items {
				if v = benchDouble(v); !benchKeep(v) {
					continue
				}
				if acc = benchAdd(acc, v); !benchConsume(acc) {
					break
				}
			}
		}
	})
}
