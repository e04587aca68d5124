package operators_test

import (
	"context"
	"fmt"
	"log/slog"
	"os"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

// Count items without changing the stream.
func ExampleTap() {
	seen := 0
	codes := operators.Tap(source.Of("gb", "fr"), observable.Observer[string]{
		Next:     func(string) { seen++ },
		Complete: func() { fmt.Println("seen:", seen) },
	})
	fmt.Println(codes.Collect(context.Background()))
	// Output:
	// seen: 2
	// [gb fr] <nil>
}

func ExampleLog() {
	withoutTime := func(_ []string, a slog.Attr) slog.Attr {
		if a.Key == slog.TimeKey {
			return slog.Attr{}
		}
		return a
	}
	logger := slog.New(slog.NewTextHandler(os.Stdout, &slog.HandlerOptions{ReplaceAttr: withoutTime}))
	_, _ = operators.Log(source.Of("gb"), logger, "visitors").Collect(context.Background())
	// Output:
	// level=INFO msg=visitors item=gb
	// level=INFO msg=visitors complete=true
}
