package operators_test

import (
	"context"
	"fmt"
	"path"
	"strings"

	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

func ExampleFilter() {
	lines := source.Of("info: start", "error: disk full", "info: exit")
	failed := func(line string) bool { return strings.HasPrefix(line, "error: ") }
	fmt.Println(operators.Filter(lines, failed).Collect(context.Background()))
	// Output: [error: disk full] <nil>
}

// If the test itself fails, here because the pattern is invalid, the stream fails.
func ExampleTryFilter() {
	pattern := "*.log"
	matches := func(_ context.Context, name string) (bool, error) { return path.Match(pattern, name) }
	logs := operators.TryFilter(source.Of("a.log", "b.txt", "c.log"), matches)
	fmt.Println(logs.Collect(context.Background()))
	pattern = "[.log"
	fmt.Println(logs.Collect(context.Background()))
	// Output:
	// [a.log c.log] <nil>
	// [] syntax error in pattern
}
