package operators_test

import (
	"context"
	"fmt"
	"time"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

// However many read the feed, there is one connection to the server.
func ExampleShare() {
	connections := 0
	readings := operators.Share(source.Defer(func() observable.Observable[int] {
		connections++
		return source.Interval(time.Millisecond)
	}))

	ctx, disconnect := context.WithCancel(context.Background())
	display := readings.Observe(ctx, 1)
	fmt.Println("the display shows", (<-display).Value)
	for range 3 {
		visitor, _ := operators.Take(readings, 2).Collect(context.Background())
		fmt.Println("a visitor sees", len(visitor), "readings")
	}
	disconnect()
	for range display {
		// until it has ended
	}
	fmt.Println("connections:", connections)
	// Output:
	// the display shows 0
	// a visitor sees 2 readings
	// a visitor sees 2 readings
	// a visitor sees 2 readings
	// connections: 1
}

// A later subscriber gets the latest state at once and need not wait for the next change.
func ExampleShareReplay() {
	changes := operators.Concat(source.Of("closed", "open"), source.Never[string]())
	door := operators.ShareReplay(changes, 1)

	first, _ := operators.Take(door, 2).Collect(context.Background())
	fmt.Println(first)
	later, _ := door.First(context.Background())
	fmt.Println(later)
	// Output:
	// [closed open]
	// open
}
