package operators_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

var errOffline = errors.New("offline")

// live fails after its first price.
func live() observable.Observable[float64] {
	return operators.Concat(source.Of(9.99), source.Throw[float64](errOffline))
}

// Use the prices of yesterday if the exchange cannot be reached.
func ExampleCatch() {
	prices := operators.Catch(live(), func(err error) observable.Observable[float64] {
		if errors.Is(err, errOffline) {
			return source.Of(9.5, 9.6)
		}
		return source.Throw[float64](err)
	})
	fmt.Println(prices.Collect(context.Background()))
	// Output: [9.99 9.5 9.6] <nil>
}

func ExampleOnErrorReturn() {
	none := func(error) float64 { return -1 }
	fmt.Println(operators.OnErrorReturn(live(), none).Collect(context.Background()))
	// Output: [9.99 -1] <nil>
}

// Emit the prices of all exchanges that answer.
func ExampleOnErrorResumeNext() {
	fmt.Println(operators.OnErrorResumeNext(live(), live(), source.Of(12.5)).Collect(context.Background()))
	// Output: [9.99 9.99 12.5] <nil>
}

func ExampleMapError() {
	named := operators.MapError(live(), func(err error) error { return fmt.Errorf("prices: %w", err) })
	fmt.Println(named.Collect(context.Background()))
	// Output: [9.99] prices: offline
}
