package operators_test

import (
	"context"
	"fmt"

	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

// Insert rows into a database two at a time.
func ExampleBufferCount() {
	rows := source.Of("gb,12", "fr,7", "it,9")
	for batch, err := range operators.BufferCount(rows, 2, 2).All(context.Background()) {
		fmt.Println(batch, err)
	}
	// Output:
	// [gb,12 fr,7] <nil>
	// [it,9] <nil>
}

// Compute the mean of three consecutive prices. At the end, fewer are left.
func ExampleBufferCount_overlapping() {
	mean := func(prices []int) int {
		sum := 0
		for _, price := range prices {
			sum += price
		}
		return sum / len(prices)
	}
	prices := source.Of(120, 126, 117, 120)
	fmt.Println(operators.Map(operators.BufferCount(prices, 3, 1), mean).Collect(context.Background()))
	// Output: [121 121 118 120] <nil>
}
