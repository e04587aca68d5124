package rxbridge_test

import (
	"context"
	"fmt"

	"github.com/reactivex/rxgo/v2"

	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/rxbridge"
	"github.com/rivulet-go/rivulet/source"
)

// A pipeline moves over operator by operator, from its end: what is not moved yet stays RxGo.
func ExampleFrom() {
	prices := rxgo.Just(10, 12, 11, 15)().
		Map(func(_ context.Context, price interface{}) (interface{}, error) { return price.(int) * 100, nil })

	// was: .Filter(func(cents interface{}) bool { return cents.(int) > 1000 }).Last()
	cents := rxbridge.From[int](prices)
	high := operators.Filter(cents, func(cents int) bool { return cents > 1000 })
	last, err := high.Last(context.Background())
	fmt.Println(last, err)
	// Output: 1500 <nil>
}

// A new source feeds an old pipeline.
func ExampleTo() {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel() // RxGo learns by its context alone that the reader has gone

	visits := rxbridge.To(source.Of("gb", "fr", "gb")).Distinct(
		func(_ context.Context, code interface{}) (interface{}, error) { return code, nil })
	for item := range visits.Observe(rxgo.WithContext(ctx)) {
		fmt.Println(item.V)
	}
	// Output:
	// gb
	// fr
}
