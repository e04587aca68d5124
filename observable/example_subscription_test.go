package observable_test

import (
	"context"
	"fmt"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/source"
)

func ExampleObservable_Subscribe() {
	subscription := source.Of("gb", "fr").Subscribe(context.Background(), observable.Observer[string]{
		Next:     func(code string) { fmt.Println("visitor from", code) },
		Error:    func(err error) { fmt.Println("failed:", err) },
		Complete: func() { fmt.Println("complete") },
	})
	fmt.Println(subscription.Wait())
	// Output:
	// visitor from gb
	// visitor from fr
	// complete
	// <nil>
}

func ExampleSubscription_Dispose() {
	visitors := source.Never[string]().Subscribe(context.Background(), observable.Observer[string]{
		Error:    func(err error) { fmt.Println("failed:", err) },
		Complete: func() { fmt.Println("complete") },
	})
	visitors.Dispose()
	fmt.Println(visitors.Wait()) // neither callback was called
	// Output: <nil>
}
