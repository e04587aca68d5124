package operators_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

func ExampleDefaultIfEmpty() {
	found := source.Empty[string]()
	fmt.Println(operators.DefaultIfEmpty(found, "unknown").First(context.Background()))
	// Output: unknown <nil>
}

// Fetch an item only if it is not in the cache.
func ExampleSwitchIfEmpty() {
	cache := source.Empty[string]()
	fetch := source.FromFunc(func(context.Context) (string, error) { return "fetched", nil })
	fmt.Println(operators.SwitchIfEmpty(cache, fetch).First(context.Background()))
	// Output: fetched <nil>
}

func ExampleThrowIfEmpty() {
	found := source.Empty[string]()
	fmt.Println(operators.ThrowIfEmpty(found, errors.New("no such visitor")).Collect(context.Background()))
	// Output: [] no such visitor
}
