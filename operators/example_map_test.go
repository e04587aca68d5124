package operators_test

import (
	"context"
	"fmt"
	"strings"

	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

func ExampleMap() {
	codes := source.Of("gb", "fr")
	_ = operators.Map(codes, strings.ToUpper).ForEach(context.Background(), func(code string) { fmt.Println(code) })
	// Output:
	// GB
	// FR
}
