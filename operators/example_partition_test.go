package operators_test

import (
	"context"
	"fmt"
	"strings"

	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

// Separate the errors of a log from all other lines.
func ExamplePartition() {
	log := source.Of("INFO started", "ERROR no disk", "INFO stopped")
	errors, others := operators.Partition(log, func(line string) bool { return strings.HasPrefix(line, "ERROR") })
	fmt.Println(errors.Collect(context.Background()))
	fmt.Println(others.Collect(context.Background()))
	// Output:
	// [ERROR no disk] <nil>
	// [INFO started INFO stopped] <nil>
}
