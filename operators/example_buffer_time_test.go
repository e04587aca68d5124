package operators_test

import (
	"context"
	"fmt"
	"time"

	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

// The visitors of a period are counted together, also if there were none.
func ExampleBufferTime() {
	visitors := operators.Concat(source.Of("gb", "fr", "gb"), source.Never[string]())
	periods := operators.Take(operators.BufferTime(visitors, 10*time.Millisecond), 2)
	_ = periods.ForEach(context.Background(), func(visitors []string) { fmt.Println(len(visitors), visitors) })
	// Output:
	// 3 [gb fr gb]
	// 0 []
}

// Rows are inserted two at a time, but none waits longer than a second.
func ExampleBufferTimeOrCount() {
	rows := source.Of("one", "two", "three")
	inserts := operators.BufferTimeOrCount(rows, time.Second, 2)
	_ = inserts.ForEach(context.Background(), func(rows []string) { fmt.Println(rows) })
	// Output:
	// [one two]
	// [three]
}

// The lines of a log are sent on request, and the rest at the end.
func ExampleBufferWhen() {
	lines := operators.Concat(source.Of("start", "ready"), operators.Delay(source.Of("stop"), 20*time.Millisecond))
	asked := source.Timer(10 * time.Millisecond)
	_ = operators.BufferWhen(lines, asked).ForEach(context.Background(), func(lines []string) { fmt.Println(lines) })
	// Output:
	// [start ready]
	// [stop]
}
