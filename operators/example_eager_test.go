package operators_test

import (
	"context"
	"fmt"

	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

// Three pages are asked for at once, and yet their orders come in order.
func ExampleConcatMapEager() {
	orders := operators.ConcatMapEager(source.Range(1, 3), 3, page)
	fmt.Println(operators.ToSlice(orders).First(context.Background()))
	// Output: [order 1 order 2 order 3 order 4 order 5 order 6] <nil>
}
