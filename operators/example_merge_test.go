package operators_test

import (
	"context"
	"fmt"

	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

// Two shops report their sales; the till sees them as they come.
func ExampleMerge() {
	london, paris := source.Of("tea", "tea"), source.Of("coffee")
	sales := operators.Merge(london, paris)
	sold, err := operators.Count(sales).First(context.Background())
	fmt.Println(sold, err)
	// Output: 3 <nil>
}
