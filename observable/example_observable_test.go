package observable_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/source"
)

// Write a source as a function that keeps the contract.
func ExampleObservable() {
	countdown := observable.Observable[int](func(ctx context.Context, emit func(int) bool) error {
		for i := 3; i > 0; i-- {
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
			if !emit(i) {
				return nil
			}
		}
		return nil
	})
	fmt.Println(countdown.Collect(context.Background()))
	// Output: [3 2 1] <nil>
}

func ExampleObservable_ForEach() {
	total := 0
	err := source.Of(3, 4).ForEach(context.Background(), func(visitors int) { total += visitors })
	fmt.Println(total, err)
	// Output: 7 <nil>
}

func ExampleObservable_All() {
	for code, err := range source.Of("gb", "fr", "de").All(context.Background()) {
		if err != nil {
			fmt.Println("the stream failed:", err)
			return
		}
		if code == "de" {
			break // stops the stream
		}
		fmt.Println(code)
	}
	// Output:
	// gb
	// fr
}

func ExampleObservable_Collect() {
	fmt.Println(source.Of("gb", "fr").Collect(context.Background()))
	// Output: [gb fr] <nil>
}

func ExampleObservable_First() {
	fmt.Println(source.Of(9.99, 12.5).First(context.Background()))

	_, err := source.Empty[float64]().First(context.Background())
	fmt.Println(errors.Is(err, observable.ErrEmpty))
	// Output:
	// 9.99 <nil>
	// true
}

func ExampleObservable_Last() {
	fmt.Println(source.Of(9.99, 12.5).Last(context.Background()))
	// Output: 12.5 <nil>
}
