package observable_test

import (
	"context"
	"fmt"
	"time"

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
	polled := make(chan int)
	subscription := source.Interval(time.Millisecond).Subscribe(context.Background(), observable.Observer[int]{
		Next: func(i int) { polled <- i },
	})
	fmt.Println("poll", <-polled)
	go func() {
		for range polled { // the subscription may be about to send another
		}
	}()
	subscription.Dispose()
	fmt.Println(subscription.Wait())
	close(polled)
	// Output:
	// poll 0
	// <nil>
}
