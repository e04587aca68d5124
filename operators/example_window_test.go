package operators_test

import (
	"context"
	"fmt"
	"time"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

// The highest of each three readings, while only one is held at a time.
func ExampleWindowCount() {
	readings := source.Of(21.5, 21.7, 21.6, 22.0, 21.9)
	highest := operators.ConcatMap(operators.WindowCount(readings, 3),
		func(three observable.Observable[float64]) observable.Observable[float64] {
			return operators.Reduce(three, 0, func(high, v float64) float64 { return max(high, v) })
		})
	_ = highest.ForEach(context.Background(), func(celsius float64) { fmt.Println(celsius) })
	// Output:
	// 21.7
	// 22
}

// Visitors are counted for each period. The last period is shorter.
func ExampleWindowTime() {
	visitors := operators.Concat(source.Of("gb", "fr"), operators.Delay(source.Of("no"), 150*time.Millisecond))
	counts := operators.ConcatMap(operators.WindowTime(visitors, 100*time.Millisecond), operators.Count[string])
	_ = counts.ForEach(context.Background(), func(n int) { fmt.Println(n) })
	// Output:
	// 2
	// 1
}

// An upload takes up to two lines, and up to a second.
func ExampleWindowTimeOrCount() {
	lines := source.Of("one", "two", "three")
	uploads := operators.WindowTimeOrCount(lines, time.Second, 2)
	_ = uploads.ForEach(context.Background(), func(lines observable.Observable[string]) {
		fmt.Println(lines.Collect(context.Background()))
	})
	// Output:
	// [one two] <nil>
	// [three] <nil>
}

// Each lap has its times, until the line is crossed.
func ExampleWindowWhen() {
	times := operators.Concat(source.Of(31.2, 28.9), operators.Delay(source.Of(31.0), 200*time.Millisecond))
	line := source.Timer(100 * time.Millisecond)
	laps := operators.ConcatMap(operators.WindowWhen(times, line), operators.ToSlice[float64])
	_ = laps.ForEach(context.Background(), func(lap []float64) { fmt.Println(lap) })
	// Output:
	// [31.2 28.9]
	// [31]
}
