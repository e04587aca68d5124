package operators_test

import (
	"context"
	"fmt"
	"strings"

	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

// Countries are looked up over the network, eight at a time, and come in the order of the visitors.
func ExampleParallelMap() {
	lookUp := func(ctx context.Context, address string) (string, error) {
		switch { // in place of a request with ctx
		case strings.HasPrefix(address, "192.0.2."):
			return "gb", ctx.Err()
		case strings.HasPrefix(address, "198.51.100."):
			return "fr", ctx.Err()
		default:
			return "", fmt.Errorf("no country has %s", address)
		}
	}
	visitors := source.Of("192.0.2.7", "198.51.100.1", "192.0.2.9")
	fmt.Println(operators.ParallelMap(visitors, 8, lookUp).Collect(context.Background()))
	// Output: [gb fr gb] <nil>
}
