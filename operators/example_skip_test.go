package operators_test

import (
	"context"
	"fmt"
	"strings"

	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

// Skip the heading of a CSV file.
func ExampleSkip() {
	lines := source.Of("country,visitors", "gb,12", "fr,7")
	fmt.Println(operators.Skip(lines, 1).Collect(context.Background()))
	// Output: [gb,12 fr,7] <nil>
}

// Skip the last line, which is a total.
func ExampleSkipLast() {
	lines := source.Of("gb,12", "fr,7", "total,19")
	fmt.Println(operators.SkipLast(lines, 1).Collect(context.Background()))
	// Output: [gb,12 fr,7] <nil>
}

// Skip the comments at the start of a file, but not those further down.
func ExampleSkipWhile() {
	lines := source.Of("# visitors", "# by country", "gb,12", "# closed", "fr,7")
	comment := func(line string) bool { return strings.HasPrefix(line, "#") }
	fmt.Println(operators.SkipWhile(lines, comment).Collect(context.Background()))
	// Output: [gb,12 # closed fr,7] <nil>
}
