package operators_test

import (
	"context"
	"fmt"

	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

// A price in euros changes with the price in dollars and with the rate.
func ExampleCombineLatest2() {
	dollars, rate := source.Of(100, 120), source.Of(0.9, 0.85)
	euros := operators.CombineLatest2(dollars, rate, func(d int, r float64) float64 { return float64(d) * r })
	fmt.Println(euros.Last(context.Background()))
	// Output: 102 <nil>
}

func ExampleCombineLatest3() {
	first, last, city := source.Of("ann", "anna"), source.Of("lee"), source.Of("york", "leeds")
	form := operators.CombineLatest3(first, last, city, func(f, l, c string) string { return f + " " + l + ", " + c })
	fmt.Println(form.Last(context.Background()))
	// Output: anna lee, leeds <nil>
}

func ExampleCombineLatest4() {
	cpu, memory, disk, network := source.Of(10, 95), source.Of(40), source.Of(70, 71), source.Of(5)
	highest := operators.CombineLatest4(cpu, memory, disk, network, func(c, m, d, n int) int { return max(c, m, d, n) })
	fmt.Println(highest.Last(context.Background()))
	// Output: 95 <nil>
}

// How many visitors there are on each of three sites.
func ExampleCombineLatestAll() {
	counts := operators.CombineLatestAll(source.Of(7, 8), source.Of(3), source.Of(0, 1))
	fmt.Println(counts.Last(context.Background()))
	// Output: [8 3 1] <nil>
}
