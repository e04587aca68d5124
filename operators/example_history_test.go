package operators_test

import (
	"context"
	"fmt"

	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

// Show the countries of the latest three visitors.
func ExampleHistory() {
	countries := source.Of("gb", "fr", "it", "pl")
	for latest, err := range operators.History(countries, 3).All(context.Background()) {
		fmt.Println(latest, err)
	}
	// Output:
	// [gb] <nil>
	// [fr gb] <nil>
	// [it fr gb] <nil>
	// [pl it fr] <nil>
}
