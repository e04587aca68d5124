package operators_test

import (
	"context"
	"fmt"

	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

// Show how a price changes, in cents.
func ExamplePairwise() {
	prices := source.Of(120, 125, 119)
	changes := operators.Map(operators.Pairwise(prices), func(pair [2]int) int { return pair[1] - pair[0] })
	fmt.Println(changes.Collect(context.Background()))
	// Output: [5 -6] <nil>
}
