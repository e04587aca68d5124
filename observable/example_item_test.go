package observable_test

import (
	"context"
	"fmt"

	"github.com/rivulet-go/rivulet/source"
)

// Use a stream in a select with other channels.
func ExampleObservable_Observe() {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel() // ends the goroutine if the channel is not read to its end

	visitors := source.Of("gb", "fr").Observe(ctx, 16)
	for item := range visitors {
		if item.Err != nil {
			fmt.Println("the stream failed:", item.Err)
			return
		}
		fmt.Println(item.Value)
	}
	// Output:
	// gb
	// fr
}
