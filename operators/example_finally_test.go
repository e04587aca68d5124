package operators_test

import (
	"context"
	"fmt"

	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

// The gauge goes down whatever ends the stream; here it is that nobody wants a second item.
func ExampleFinally() {
	watchers := 1
	visitors := operators.Finally(source.Of("gb", "fr"), func(error) { watchers-- })
	fmt.Println(visitors.First(context.Background()))
	fmt.Println("watchers:", watchers)
	// Output:
	// gb <nil>
	// watchers: 0
}
