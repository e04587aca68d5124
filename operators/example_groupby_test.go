package operators_test

import (
	"context"
	"fmt"
	"slices"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

// How many visitors each country sent.
func ExampleGroupBy() {
	visitors := source.Of("gb", "fr", "gb", "no", "gb")
	countries := operators.GroupBy(visitors, func(country string) string { return country })
	counts := operators.FlatMap(countries, 300, func(c operators.Group[string, string]) observable.Observable[string] {
		return operators.Map(operators.Count(c.Items), func(n int) string { return fmt.Sprint(c.Key, " ", n) })
	})
	lines, err := counts.Collect(context.Background())
	slices.Sort(lines) // as they are counted at the same time
	fmt.Println(lines, err)
	// Output: [fr 1 gb 3 no 1] <nil>
}
