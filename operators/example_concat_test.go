package operators_test

import (
	"context"
	"fmt"

	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

// Emit the stored events first, then the live ones.
func ExampleConcat() {
	stored := source.Of("gb", "fr")
	live := source.Of("de")
	fmt.Println(operators.Concat(stored, live).Collect(context.Background()))
	// Output: [gb fr de] <nil>
}
