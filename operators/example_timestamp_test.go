package operators_test

import (
	"context"
	"fmt"
	"time"

	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

// List visitors with the time of their arrival.
func ExampleTimestamp() {
	begin := time.Now()
	for visitor, err := range operators.Timestamp(source.Of("gb", "fr")).All(context.Background()) {
		fmt.Println(visitor.Value, visitor.Time.Before(begin), err)
	}
	// Output:
	// gb false <nil>
	// fr false <nil>
}

// Find readings that arrive too late.
func ExampleTimeInterval() {
	readings := operators.TimeInterval(source.Of(21.5, 21.7))
	late := operators.Filter(readings, func(r operators.Timed[float64]) bool { return r.Elapsed > time.Minute })
	fmt.Println(late.Collect(context.Background()))
	// Output: [] <nil>
}
