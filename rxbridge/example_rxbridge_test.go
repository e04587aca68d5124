package rxbridge_test

import (
	"context"
	"fmt"

	"github.com/reactivex/rxgo/v2"

	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/rxbridge"
	"github.com/rivulet-go/rivulet/source"
)

// A pipeline moves over operator by operator, from its end to its source, and gives the same at each step.
func Example() {
	prices := rxgo.Just(10, 25, 12, 40)
	expensive := func(price int) bool { return price > 11 }
	inCents := func(price int) int { return 100 * price }
	total := func(total, cents int) int { return total + cents }

	all := prices().
		Filter(func(v interface{}) bool { return expensive(v.(int)) }).
		Map(func(_ context.Context, v interface{}) (interface{}, error) { return inCents(v.(int)), nil }).
		Reduce(func(_ context.Context, acc, v interface{}) (interface{}, error) {
			if acc == nil {
				return v, nil
			}
			return total(acc.(int), v.(int)), nil
		})
	item, err := all.Get()
	fmt.Println(item.V, err)

	// The last operator has moved.
	cents := rxbridge.From[int](prices().
		Filter(func(v interface{}) bool { return expensive(v.(int)) }).
		Map(func(_ context.Context, v interface{}) (interface{}, error) { return inCents(v.(int)), nil }))
	fmt.Println(operators.Reduce(cents, 0, total).First(context.Background()))

	// So has the one before it.
	some := rxbridge.From[int](prices().
		Filter(func(v interface{}) bool { return expensive(v.(int)) }))
	fmt.Println(operators.Reduce(operators.Map(some, inCents), 0, total).First(context.Background()))

	// All but the source has.
	some = operators.Filter(rxbridge.From[int](prices()), expensive)
	fmt.Println(operators.Reduce(operators.Map(some, inCents), 0, total).First(context.Background()))

	// The source has, too, and with it the bridge is gone.
	some = operators.Filter(source.Of(10, 25, 12, 40), expensive)
	fmt.Println(operators.Reduce(operators.Map(some, inCents), 0, total).First(context.Background()))
	// Output:
	// 7700 <nil>
	// 7700 <nil>
	// 7700 <nil>
	// 7700 <nil>
	// 7700 <nil>
}

// What RxGo emits becomes a typed stream, which ends with the first item of another type.
func ExampleFrom() {
	readings := rxbridge.From[float64](rxgo.Just(18.5, 19.0, "broken", 20.5)())
	for celsius, err := range readings.All(context.Background()) {
		fmt.Println(celsius, err)
	}
	// Output:
	// 18.5 <nil>
	// 19 <nil>
	// 0 rivulet: an item from RxGo is string, not float64
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
