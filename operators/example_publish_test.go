package operators_test

import (
	"context"
	"fmt"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

// All subscribers are there before the first item comes.
func ExamplePublish() {
	prices := operators.Publish(source.Of(12, 19, 14))
	highest, total := 0, 0
	first := prices.Subscribe(context.Background(), observable.Observer[int]{
		Next: func(price int) { highest = max(highest, price) },
	})
	second := prices.Subscribe(context.Background(), observable.Observer[int]{
		Next: func(price int) { total += price },
	})
	connection := prices.Connect(context.Background())
	fmt.Println(first.Wait(), second.Wait(), connection.Wait())
	fmt.Println("highest", highest, "total", total)
	// Output:
	// <nil> <nil> <nil>
	// highest 19 total 45
}

// The same with pipelines instead of observers: the source begins when both of them are there.
func ExampleConnectable_AutoConnect() {
	prices := operators.Publish(source.Of(12, 19, 14)).AutoConnect(2)
	lowest := operators.Min(prices).Observe(context.Background(), 1)
	highest := operators.Max(prices).Observe(context.Background(), 1)
	fmt.Println((<-lowest).Value, (<-highest).Value)
	// Output: 12 19
}
