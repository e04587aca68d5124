package operators_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

// Report the failure of a sensor as a line, instead of failing.
func ExampleMaterialize() {
	sensor := operators.Concat(source.Of(21.5, 21.7), source.Throw[float64](errors.New("no signal")))
	for signal, err := range operators.Materialize(sensor).All(context.Background()) {
		switch {
		case err != nil:
			fmt.Println("failed:", err)
		case signal.Err != nil:
			fmt.Println("the sensor failed:", signal.Err)
		default:
			fmt.Println(signal.Value)
		}
	}
	// Output:
	// 21.5
	// 21.7
	// the sensor failed: no signal
}

// Play back a recorded stream including its end.
func ExampleDematerialize() {
	type signal = operators.Notification[string]
	record := source.Of(signal{Value: "gb"}, signal{Value: "fr"}, signal{Err: errors.New("connection lost")})
	fmt.Println(operators.Dematerialize(record).Collect(context.Background()))
	// Output: [gb fr] connection lost
}
