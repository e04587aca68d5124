package operators_test

import (
	"context"
	"fmt"
	"time"

	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

// An alarm rings at once, but not again for every line of the same trouble.
func ExampleThrottleFirst() {
	trouble := source.Of("disk full", "disk full", "disk full")
	alarms := operators.ThrottleFirst(trouble, time.Minute)
	_ = alarms.ForEach(context.Background(), func(line string) { fmt.Println("alarm:", line) })
	// Output: alarm: disk full
}

// A progress bar shows the first step at once, then moves a few times a second, and always arrives.
func ExampleThrottleLatest() {
	steps := source.Range(1, 100)
	shown := operators.ThrottleLatest(steps, 50*time.Millisecond)
	_ = shown.ForEach(context.Background(), func(percent int) { fmt.Println(percent, "%") })
	// Output:
	// 1 %
	// 100 %
}

// A graph needs one reading per period, whatever the sensor sends.
func ExampleThrottleLast() {
	readings := operators.Concat(source.Of(21.5, 21.6, 21.7), source.Never[float64]())
	points := operators.Take(operators.ThrottleLast(readings, 10*time.Millisecond), 1)
	_ = points.ForEach(context.Background(), func(celsius float64) { fmt.Println(celsius) })
	// Output: 21.7
}
