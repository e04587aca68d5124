package operators_test

import (
	"context"
	"fmt"
	"time"

	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

// The mirror that answers first serves the file; the request to the other is canceled.
func ExampleRace() {
	far := operators.DelaySubscription(source.Of("far: part 1", "far: part 2"), time.Hour)
	near := source.Of("near: part 1", "near: part 2")
	fmt.Println(operators.Race(far, near).Collect(context.Background()))
	// Output: [near: part 1 near: part 2] <nil>
}
