package operators_test

import (
	"context"
	"fmt"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

// List a folder with all its subfolders.
func ExampleExpand() {
	contents := map[string][]string{
		"/":     {"/etc", "/home"},
		"/home": {"/home/ann", "/home/bob"},
	}
	list := func(folder string) observable.Observable[string] { return source.FromSlice(contents[folder]) }
	fmt.Println(operators.Expand(source.Of("/"), list).Collect(context.Background()))
	// Output: [/ /etc /home /home/ann /home/bob] <nil>
}
