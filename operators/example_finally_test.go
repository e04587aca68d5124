package operators_test

import (
	"context"
	"fmt"

	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

// Lower a gauge when the stream ends, for any reason. Here Take stops it.
func ExampleFinally() {
	watchers := 1
	visitors := operators.Finally(source.Of("gb", "fr"), func(error) { watchers-- })
	fmt.Println(visitors.First(context.Background()))
	fmt.Println("watchers:", watchers)
	// Output:
	// gb <nil>
	// watchers: 0
}
