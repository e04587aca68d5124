package source_test

import (
	"context"
	"fmt"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/source"
)

// Each run sees the visitors of its own time.
func ExampleDefer() {
	visitors := []string{"gb"}
	current := source.Defer(func() observable.Observable[string] { return source.FromSlice(visitors) })
	visitors = append(visitors, "fr")
	fmt.Println(current.Collect(context.Background()))
	// Output: [gb fr] <nil>
}

// The file is closed when the stream ends, also when it is stopped early.
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
