package operators_test

import (
	"context"
	"fmt"

	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

// Visitors never end; the first three get a voucher.
func ExampleTake() {
	visitors := source.Generate(1, func(n int) (value, following int, more bool) { return n, n + 1, true })
	fmt.Println(operators.Take(visitors, 3).Collect(context.Background()))
	// Output: [1 2 3] <nil>
}

// The last lines of a log tell what went wrong.
func ExampleTakeLast() {
	lines := source.Of("start", "listen", "disk full", "exit 1")
	fmt.Println(operators.TakeLast(lines, 2).Collect(context.Background()))
	// Output: [disk full exit 1] <nil>
}

// The pages of a listing are read until one is empty.
func ExampleTakeWhile() {
	visitorsOnPage := source.Of(20, 20, 3, 0, 0)
	filled := func(visitors int) bool { return visitors > 0 }
	fmt.Println(operators.TakeWhile(visitorsOnPage, filled).Collect(context.Background()))
	// Output: [20 20 3] <nil>
}

// The progress of a download is of interest until it is done, and that it is done is too.
func ExampleTakeThrough() {
	percent := source.Of(10, 60, 100, 100)
	underway := func(percent int) bool { return percent < 100 }
	fmt.Println(operators.TakeThrough(percent, underway).Collect(context.Background()))
	// Output: [10 60 100] <nil>
}
