package operators_test

import (
	"context"
	"fmt"

	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

// Name the line in an error message.
func ExampleEnumerate() {
	lines := source.Of("gb,12", "fr")
	for line, err := range operators.Enumerate(lines).All(context.Background()) {
		fmt.Printf("line %d: %s %v\n", line.Index+1, line.Value, err)
	}
	// Output:
	// line 1: gb,12 <nil>
	// line 2: fr <nil>
}
