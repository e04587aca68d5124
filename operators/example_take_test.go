package operators_test

import (
	"context"
	"fmt"

	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

// Give a voucher to the first three visitors of an endless stream.
func ExampleTake() {
	visitors := source.Generate(1, func(n int) (value, following int, more bool) { return n, n + 1, true })
	fmt.Println(operators.Take(visitors, 3).Collect(context.Background()))
	// Output: [1 2 3] <nil>
}

// Show the last lines of a log.
func ExampleTakeLast() {
	lines := source.Of("start", "listen", "disk full", "exit 1")
	fmt.Println(operators.TakeLast(lines, 2).Collect(context.Background()))
	// Output: [disk full exit 1] <nil>
}

// Read the pages of a listing until one is empty.
func ExampleTakeWhile() {
	visitorsOnPage := source.Of(20, 20, 3, 0, 0)
	filled := func(visitors int) bool { return visitors > 0 }
	fmt.Println(operators.TakeWhile(visitorsOnPage, filled).Collect(context.Background()))
	// Output: [20 20 3] <nil>
}

// Show the progress of a download, including the step that completes it.
func ExampleTakeThrough() {
	percent := source.Of(10, 60, 100, 100)
	underway := func(percent int) bool { return percent < 100 }
	fmt.Println(operators.TakeThrough(percent, underway).Collect(context.Background()))
	// Output: [10 60 100] <nil>
}
