package operators_test

import (
	"context"
	"fmt"
	"time"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

// save is a request that takes a while.
func save(click int) observable.Observable[string] {
	return operators.DelaySubscription(source.Of(fmt.Sprintf("saved by click %d", click)), 50*time.Millisecond)
}

// However often the button is clicked, the form is saved once at a time.
func ExampleExhaustMap() {
	clicks := source.Of(1, 2, 3)
	fmt.Println(operators.ExhaustMap(clicks, save).Collect(context.Background()))
	// Output: [saved by click 1] <nil>
}

func ExampleExhaustAll() {
	requests := operators.Map(source.Of(1, 2, 3), save)
	fmt.Println(operators.ExhaustAll(requests).Collect(context.Background()))
	// Output: [saved by click 1] <nil>
}
