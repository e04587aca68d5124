package operators_test

import (
	"context"
	"fmt"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

// page returns a page of orders of an API.
func page(n int) observable.Observable[string] {
	return source.Of(fmt.Sprintf("order %d", 2*n-1), fmt.Sprintf("order %d", 2*n))
}

// Request one page after another, and only as many as needed.
func ExampleConcatMap() {
	orders := operators.ConcatMap(source.Range(1, 1000), page)
	fmt.Println(operators.Take(orders, 3).Collect(context.Background()))
	// Output: [order 1 order 2 order 3] <nil>
}

func ExampleConcatAll() {
	stored, live := source.Of("gb", "fr"), source.Of("de")
	fmt.Println(operators.ConcatAll(source.Of(stored, live)).Collect(context.Background()))
	// Output: [gb fr de] <nil>
}
