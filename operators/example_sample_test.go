package operators_test

import (
	"context"
	"fmt"
	"time"

	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

// The position is drawn when the screen asks for it, not as often as it changes.
func ExampleSample() {
	positions := operators.Concat(source.Of("51.50,-0.12", "51.51,-0.12"), source.Never[string]())
	refresh := source.Timer(10 * time.Millisecond)
	drawn := operators.Take(operators.Sample(positions, refresh), 1)
	_ = drawn.ForEach(context.Background(), func(position string) { fmt.Println(position) })
	// Output: 51.51,-0.12
}
