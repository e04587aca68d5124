package operators_test

import (
	"context"
	"fmt"

	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

func ExampleFirst() {
	visitors := source.Of("gb", "fr", "it")
	fmt.Println(operators.First(visitors).Collect(context.Background()))
	fmt.Println(operators.First(source.Empty[string]()).Collect(context.Background()))
	// Output:
	// [gb] <nil>
	// [] rivulet: the stream is empty
}

func ExampleLast() {
	prices := source.Of(120, 125, 119)
	fmt.Println(operators.Last(prices).Collect(context.Background()))
	// Output: [119] <nil>
}

// Find the only order with a number.
func ExampleSingle() {
	fmt.Println(operators.Single(source.Of("order 7")).Collect(context.Background()))
	fmt.Println(operators.Single(source.Of("order 7", "order 7b")).Collect(context.Background()))
	// Output:
	// [order 7] <nil>
	// [] rivulet: the stream has more than one item
}

// Find the third finisher.
func ExampleElementAt() {
	arrivals := source.Of("Ada", "Bob", "Cem", "Dee")
	fmt.Println(operators.ElementAt(arrivals, 2).Collect(context.Background()))
	fmt.Println(operators.ElementAt(arrivals, 9).Collect(context.Background()))
	// Output:
	// [Cem] <nil>
	// [] rivulet: the stream has no element at this index
}

// Find the first price below a limit. If there is none, the stream is empty.
func ExampleFind() {
	prices := source.Of(120, 119, 117)
	below := func(limit int) func(int) bool { return func(price int) bool { return price < limit } }
	fmt.Println(operators.Find(prices, below(120)).Collect(context.Background()))
	fmt.Println(operators.Find(prices, below(100)).Collect(context.Background()))
	// Output:
	// [119] <nil>
	// [] <nil>
}
