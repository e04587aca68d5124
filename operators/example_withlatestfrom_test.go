package operators_test

import (
	"context"
	"fmt"
	"time"

	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

// An order is charged at the price that holds when it comes; a price alone emits nothing.
func ExampleWithLatestFrom() {
	prices := source.Of(9.99, 8.99)
	orders := operators.DelaySubscription(source.Of("ann", "bob"), 50*time.Millisecond)
	charged := operators.WithLatestFrom(orders, prices, func(name string, price float64) string {
		return fmt.Sprint(name, " pays ", price)
	})
	fmt.Println(charged.Collect(context.Background()))
	// Output: [ann pays 8.99 bob pays 8.99] <nil>
}
