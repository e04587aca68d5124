package operators_test

import (
	"context"
	"fmt"
	"time"

	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

// Send the first request after the program has started.
func ExampleDelaySubscription() {
	fetch := source.FromFunc(func(context.Context) (string, error) { return "3 visitors", nil })
	fmt.Println(operators.DelaySubscription(fetch, time.Millisecond).First(context.Background()))
	// Output: 3 visitors <nil>
}
