package operators_test

import (
	"context"
	"fmt"

	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

// Select the orders among the events of a shop.
func ExampleOfType() {
	type visit struct{ country string }
	type order struct{ cents int }
	events := source.Of[any](visit{"gb"}, order{1250}, visit{"fr"}, order{799})
	fmt.Println(operators.OfType[order](events).Collect(context.Background()))
	// Output: [{1250} {799}] <nil>
}
