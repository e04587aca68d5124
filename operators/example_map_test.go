package operators_test

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

func ExampleMap() {
	codes := source.Of("gb", "fr")
	_ = operators.Map(codes, strings.ToUpper).ForEach(context.Background(), func(code string) { fmt.Println(code) })
	// Output:
	// GB
	// FR
}

// A price that is not a number ends the stream.
func ExampleTryMap() {
	parse := func(_ context.Context, price string) (float64, error) { return strconv.ParseFloat(price, 64) }
	prices := operators.TryMap(source.Of("1.20", "0.90", "free", "2.00"), parse)
	fmt.Println(prices.Collect(context.Background()))
	// Output: [1.2 0.9] strconv.ParseFloat: parsing "free": invalid syntax
}
