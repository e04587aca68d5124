package operators_test

import (
	"context"
	"fmt"
	"time"

	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

// An alarm and a door that opened within a minute of it belong together.
func ExampleJoin() {
	doors, alarms := source.Of("back door"), source.Of("smoke")
	cases := operators.Join(doors, alarms, time.Minute, func(door, alarm string) string {
		return alarm + " at the " + door
	})
	fmt.Println(cases.Collect(context.Background()))
	// Output: [smoke at the back door] <nil>
}
