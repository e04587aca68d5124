package operators_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

// Wait until an upload succeeds, and ignore its progress.
func ExampleIgnoreElements() {
	percent := operators.Concat(source.Of(10, 60), source.Throw[int](errors.New("connection lost")))
	fmt.Println(operators.IgnoreElements(percent).Collect(context.Background()))
	// Output: [] connection lost
}
