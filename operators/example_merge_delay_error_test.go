package operators_test

import (
	"context"
	"fmt"

	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

// One exchange that is offline does not keep the prices of the others back.
func ExampleMergeDelayError() {
	offline := source.Throw[float64](errOffline)
	prices := operators.MergeDelayError(offline, source.Of(9.5, 9.6))
	fmt.Println(prices.Collect(context.Background()))
	// Output: [9.5 9.6] offline
}
