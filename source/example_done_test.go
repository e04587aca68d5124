package source_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/rivulet-go/rivulet/source"
)

// The end of another context is an item, such as the notifier of an operator needs.
func ExampleFromDone() {
	shutdown, begin := context.WithCancelCause(context.Background())
	go begin(errors.New("the server shuts down"))

	reason, err := source.FromDone(shutdown).First(context.Background())
	fmt.Println(reason, err)
	// Output: the server shuts down <nil>
}
