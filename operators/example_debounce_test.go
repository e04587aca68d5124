package operators_test

import (
	"context"
	"fmt"
	"time"

	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

// A search begins when the visitor has stopped typing, not at every letter.
func ExampleDebounce() {
	typed := source.Of("g", "go", "gopher")
	searches := operators.Debounce(typed, 200*time.Millisecond)
	_ = searches.ForEach(context.Background(), func(words string) { fmt.Println("search for", words) })
	// Output: search for gopher
}
