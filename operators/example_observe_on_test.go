package operators_test

import (
	"context"
	"fmt"

	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

// The next pages are fetched while this one is worked on.
func ExampleObserveOn() {
	pages := operators.Map(source.Range(1, 3), func(i int) string { return fmt.Sprintf("page %d", i) })
	_ = operators.ObserveOn(pages, 8).ForEach(context.Background(), func(page string) { fmt.Println(page) })
	// Output:
	// page 1
	// page 2
	// page 3
}

// The device is read on a goroutine of its own, a reading at a time.
func ExampleSubscribeOn() {
	readings := operators.SubscribeOn(source.Of(21.5, 21.7))
	_ = readings.ForEach(context.Background(), func(celsius float64) { fmt.Println(celsius) })
	// Output:
	// 21.5
	// 21.7
}
