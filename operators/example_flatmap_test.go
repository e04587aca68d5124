package operators_test

import (
	"context"
	"fmt"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

// lines are the log lines of a host.
func lines(host string) observable.Observable[string] {
	return source.Of(host+": started", host+": ready")
}

// The logs of all hosts, four at a time. Those of one host stay in order.
func ExampleFlatMap() {
	logs := operators.FlatMap(source.Of("web-1", "web-2", "db-1"), 4, lines)
	_ = logs.ForEach(context.Background(), func(line string) { fmt.Println(line) })
	// Unordered output:
	// web-1: started
	// web-1: ready
	// web-2: started
	// web-2: ready
	// db-1: started
	// db-1: ready
}

// Every connection is a stream of messages, and a server has a stream of connections.
func ExampleMergeAll() {
	connections := source.Of(source.Of("hello from ann"), source.Of("hello from bob"))
	messages := operators.MergeAll(connections, 100)
	_ = messages.ForEach(context.Background(), func(message string) { fmt.Println(message) })
	// Unordered output:
	// hello from ann
	// hello from bob
}
