package operators_test

import (
	"context"
	"fmt"
	"time"

	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

// Visitors are listened to until it is time to close.
func ExampleTakeUntil() {
	visitors := operators.Concat(source.Of("gb", "fr"), source.Never[string]())
	closing := source.Timer(50 * time.Millisecond)
	fmt.Println(operators.TakeUntil(visitors, closing).Collect(context.Background()))
	// Output: [gb fr] <nil>
}

// What a sensor says before it is warm is of no use.
func ExampleSkipUntil() {
	warm := source.Timer(50 * time.Millisecond)
	later := operators.DelaySubscription(source.Of(20.1, 20.2), 200*time.Millisecond)
	readings := operators.Concat(source.Of(-40.0), later)
	fmt.Println(operators.SkipUntil(readings, warm).Collect(context.Background()))
	// Output: [20.1 20.2] <nil>
}
