package operators_test

import (
	"context"
	"fmt"

	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

// A lock opens for the right keys in the right order.
func ExampleSequenceEqual() {
	code := source.Of(4, 7, 1, 1)
	fmt.Println(operators.SequenceEqual(source.Of(4, 7, 1, 1), code).First(context.Background()))
	fmt.Println(operators.SequenceEqual(source.Of(4, 1, 7, 1), code).First(context.Background()))
	// Output:
	// true <nil>
	// false <nil>
}
