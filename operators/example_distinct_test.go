package operators_test

import (
	"context"
	"fmt"
	"strings"

	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

// List the countries of the visitors.
func ExampleDistinct() {
	visitors := source.Of("gb", "fr", "gb", "it", "fr")
	fmt.Println(operators.Distinct(visitors).Collect(context.Background()))
	// Output: [gb fr it] <nil>
}

// Keep one address for each person, regardless of case.
func ExampleDistinctBy() {
	addresses := source.Of("ada@example.org", "bob@example.org", "Ada@Example.org")
	fmt.Println(operators.DistinctBy(addresses, strings.ToLower).Collect(context.Background()))
	// Output: [ada@example.org bob@example.org] <nil>
}

// Show a price when it differs from the one before.
func ExampleDistinctUntilChanged() {
	prices := source.Of(120, 120, 125, 125, 120)
	fmt.Println(operators.DistinctUntilChanged(prices).Collect(context.Background()))
	// Output: [120 125 120] <nil>
}

// Show a temperature when it differs by a degree.
func ExampleDistinctUntilChangedBy() {
	readings := source.Of(21.5, 21.7, 22.1, 22.3, 21.9)
	degree := func(reading float64) int { return int(reading) }
	fmt.Println(operators.DistinctUntilChangedBy(readings, degree).Collect(context.Background()))
	// Output: [21.5 22.1 21.9] <nil>
}
