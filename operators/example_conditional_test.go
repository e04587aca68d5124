package operators_test

import (
	"context"
	"fmt"

	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

func ExampleAll() {
	prices := source.Of(9.99, 12.5)
	fmt.Println(operators.All(prices, func(p float64) bool { return p > 0 }).First(context.Background()))
	// Output: true <nil>
}

func ExampleAny() {
	statuses := source.Of(200, 503, 200)
	fmt.Println(operators.Any(statuses, func(s int) bool { return s >= 500 }).First(context.Background()))
	// Output: true <nil>
}

func ExampleContains() {
	visitors := source.Of("gb", "fr")
	fmt.Println(operators.Contains(visitors, "de").First(context.Background()))
	// Output: false <nil>
}

func ExampleIsEmpty() {
	failures := source.Empty[string]()
	fmt.Println(operators.IsEmpty(failures).First(context.Background()))
	// Output: true <nil>
}
