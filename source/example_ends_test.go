package source_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/rivulet-go/rivulet/source"
)

func ExampleEmpty() {
	fmt.Println(source.Empty[int]().Collect(context.Background()))
	// Output: [] <nil>
}

func ExampleNever() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Millisecond)
	defer cancel()
	fmt.Println(source.Never[int]().Collect(ctx))
	// Output: [] context deadline exceeded
}

func ExampleThrow() {
	fmt.Println(source.Throw[int](errors.New("no route")).Collect(context.Background()))
	// Output: [] no route
}
