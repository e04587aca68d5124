package operators_test

import (
	"context"
	"fmt"
	"time"

	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

// A feed that falls silent is an error.
func ExampleTimeout() {
	prices := operators.Concat(source.Of(10.1, 10.2), source.Never[float64]())
	for price, err := range operators.Timeout(prices, 20*time.Millisecond).All(context.Background()) {
		fmt.Println(price, err)
	}
	// Output:
	// 10.1 <nil>
	// 10.2 <nil>
	// 0 rivulet: the stream was silent for too long
}

// When the exchange falls silent, its mirror is asked.
func ExampleTimeoutWith() {
	exchange := operators.Concat(source.Of("exchange: 10.1"), source.Never[string]())
	mirror := source.Of("mirror: 10.2", "mirror: 10.3")
	prices := operators.TimeoutWith(exchange, 20*time.Millisecond, mirror)
	_ = prices.ForEach(context.Background(), func(price string) { fmt.Println(price) })
	// Output:
	// exchange: 10.1
	// mirror: 10.2
	// mirror: 10.3
}
