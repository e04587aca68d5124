package operators_test

import (
	"context"
	"fmt"
	"strings"

	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

// Emit the words of a text line by line.
func ExampleFlatten() {
	lines := source.Of("streams run", "", "down to the sea")
	words := operators.Flatten(operators.Map(lines, strings.Fields))
	fmt.Println(operators.Take(words, 4).Collect(context.Background()))
	// Output: [streams run down to] <nil>
}
