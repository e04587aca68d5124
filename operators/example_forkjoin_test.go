package operators_test

import (
	"context"
	"fmt"

	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

// The final scores, when all games are over.
func ExampleForkJoin() {
	scores := operators.ForkJoin(source.Of("0:0", "1:0", "1:1"), source.Of("0:0", "0:2"))
	fmt.Println(scores.Collect(context.Background()))
	// Output: [[1:1 0:2]] <nil>
}
