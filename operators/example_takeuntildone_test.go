package operators_test

import (
	"context"
	"fmt"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

// At the shutdown the stream completes, so the last batch is emitted although it is not full.
func ExampleTakeUntilDone() {
	shutdown, begin := context.WithCancel(context.Background())
	orders := operators.TakeUntilDone(source.Range(1, 1000), shutdown)
	seen := operators.Tap(orders, observable.Observer[int]{Next: func(order int) {
		if order == 5 {
			begin()
		}
	}})
	err := operators.BufferCount(seen, 3, 3).ForEach(context.Background(), func(batch []int) { fmt.Println(batch) })
	fmt.Println(err)
	// Output:
	// [1 2 3]
	// [4 5]
	// <nil>
}
