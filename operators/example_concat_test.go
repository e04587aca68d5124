package operators_test

import (
	"context"
	"fmt"

	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

// What is stored comes first, then what happens from now on.
func ExampleConcat() {
	stored := source.Of("gb", "fr")
	live := source.Of("de")
	fmt.Println(operators.Concat(stored, live).Collect(context.Background()))
	// Output: [gb fr de] <nil>
}
