package operators_test

import (
	"context"
	"fmt"

	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

func ExampleRepeat() {
	lights := source.Of("green", "amber", "red")
	fmt.Println(operators.Repeat(lights, 2).Collect(context.Background()))
	// Output: [green amber red green amber red] <nil>
}
