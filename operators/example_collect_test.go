package operators_test

import (
	"context"
	"fmt"

	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

// Collect all items into one, to combine it with other streams.
func ExampleToSlice() {
	fmt.Println(operators.ToSlice(source.Of("gb", "fr")).First(context.Background()))
	// Output: [gb fr] <nil>
}

func ExampleToMap() {
	names := source.Of("gb Great Britain", "fr France")
	byCode := operators.ToMap(names, func(line string) (code, name string) { return line[:2], line[3:] })
	fmt.Println(byCode.First(context.Background()))
	// Output: map[fr:France gb:Great Britain] <nil>
}
