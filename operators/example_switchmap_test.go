package operators_test

import (
	"context"
	"fmt"
	"time"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

// search is a request that takes a while.
func search(query string) observable.Observable[string] {
	return operators.DelaySubscription(source.Of("results for "+query), 50*time.Millisecond)
}

// While someone types, the search for what was typed before is canceled.
func ExampleSwitchMap() {
	typed := source.Of("r", "ri", "rivulet")
	fmt.Println(operators.SwitchMap(typed, search).Collect(context.Background()))
	// Output: [results for rivulet] <nil>
}

func ExampleSwitchAll() {
	searches := operators.Map(source.Of("r", "ri", "rivulet"), search)
	fmt.Println(operators.SwitchAll(searches).Collect(context.Background()))
	// Output: [results for rivulet] <nil>
}
