package operators_test

import (
	"context"
	"fmt"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

// A log that is written faster than it can be sent loses its oldest lines, and says how many.
func ExampleOnBackpressureBuffer() {
	lost := 0
	lines := operators.Map(source.Range(1, 100_000), func(i int) string { return fmt.Sprint("line ", i) })
	sent, err := operators.OnBackpressureBuffer(lines, 1000, observable.DropOldest, func(string) { lost++ }).
		Collect(context.Background())
	fmt.Println(len(sent)+lost, sent[len(sent)-1], err)
	// Output: 100000 line 100000 <nil>
}

// A frame that arrives while another one is drawn is dropped.
func ExampleOnBackpressureDrop() {
	dropped := 0
	moves := operators.OnBackpressureDrop(source.Range(1, 1000), func(int) { dropped++ })
	drawn, err := moves.Collect(context.Background())
	fmt.Println(len(drawn)+dropped, err)
	// Output: 1000 <nil>
}

// A slow reader of prices always gets the newest next.
func ExampleOnBackpressureLatest() {
	price, err := operators.OnBackpressureLatest(source.Of(10.1, 10.2, 10.3)).Last(context.Background())
	fmt.Println(price, err)
	// Output: 10.3 <nil>
}
