package source_test

import (
	"context"
	"fmt"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/source"
)

// Read the visitors at the start of each run.
func ExampleDefer() {
	visitors := []string{"gb"}
	current := source.Defer(func() observable.Observable[string] { return source.FromSlice(visitors) })
	visitors = append(visitors, "fr")
	fmt.Println(current.Collect(context.Background()))
	// Output: [gb fr] <nil>
}

// Close the file when the stream ends, also if it is stopped early.
func ExampleUsing() {
	lines := source.Using(
		func(context.Context) (string, error) { fmt.Println("open"); return "access.log", nil },
		func(file string) observable.Observable[string] { return source.Of(file+":1", file+":2") },
		func(string) error { fmt.Println("close"); return nil },
	)
	fmt.Println(lines.First(context.Background()))
	// Output:
	// open
	// close
	// access.log:1 <nil>
}
