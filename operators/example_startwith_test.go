package operators_test

import (
	"context"
	"fmt"

	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

// Show a value before the first item arrives.
func ExampleStartWith() {
	visitors := source.Of("3 visitors", "4 visitors")
	items, err := operators.StartWith(visitors, "connecting").Collect(context.Background())
	fmt.Printf("%q %v\n", items, err)
	// Output: ["connecting" "3 visitors" "4 visitors"] <nil>
}

// Mark the end of a protocol for its reader.
func ExampleEndWith() {
	lines := source.Of("data: 1", "data: 2")
	items, err := operators.EndWith(lines, "data: [DONE]").Collect(context.Background())
	fmt.Printf("%q %v\n", items, err)
	// Output: ["data: 1" "data: 2" "data: [DONE]"] <nil>
}
