package observable_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/rivulet-go/rivulet/observable"
)

// One sender and several independent readers.
func ExampleSubject() {
	prices := observable.NewSubject[int]()
	highest, total := 0, 0
	first := prices.Subscribe(context.Background(), observable.Observer[int]{
		Next: func(price int) { highest = max(highest, price) },
	})
	second := prices.Subscribe(context.Background(), observable.Observer[int]{
		Next: func(price int) { total += price },
	})

	for _, price := range []int{12, 19, 14} {
		prices.Next(price)
	}
	prices.Complete()
	fmt.Println(first.Wait(), second.Wait())
	fmt.Println("highest", highest, "total", total)
	// Output:
	// <nil> <nil>
	// highest 19 total 45
}

// An observer may send: here every page leads to the next ones.
func ExampleSubject_Next() {
	links := map[string][]string{"/": {"/news", "/shop"}, "/news": {"/news/today"}}
	pages := observable.NewSubject[string]()
	left := 1
	crawl := pages.Subscribe(context.Background(), observable.Observer[string]{Next: func(page string) {
		fmt.Println(page)
		for _, next := range links[page] {
			left++
			pages.Next(next)
		}
		if left--; left == 0 {
			pages.Complete()
		}
	}})
	pages.Next("/")
	_ = crawl.Wait()
	// Output:
	// /
	// /news
	// /shop
	// /news/today
}

func ExampleNewReplaySubject() {
	alarms := observable.NewReplaySubject[string](2)
	alarms.Next("door")
	alarms.Next("window")
	alarms.Next("smoke")
	alarms.Complete()
	fmt.Println(alarms.Observable().Collect(context.Background()))
	// Output: [window smoke] <nil>
}

func ExampleNewBehaviorSubject() {
	light := observable.NewBehaviorSubject("red")
	light.Next("green")
	now, _ := light.Observable().First(context.Background())
	fmt.Println(now, light.Value())

	light.Error(errors.New("power cut"))
	fmt.Println(light.Observable().Collect(context.Background()))
	// Output:
	// green green
	// [] power cut
}

// A display wants the latest temperature and may miss earlier ones.
func ExampleWithOverflow() {
	missed := 0
	temperatures := observable.NewSubject[int](
		observable.WithCapacity(1),
		observable.WithOverflow(observable.DropOldest),
		observable.WithOnDrop(func(items int) { missed += items }),
	)
	seen, shown := make(chan struct{}), make(chan struct{})
	display := temperatures.Subscribe(context.Background(), observable.Observer[int]{Next: func(t int) {
		seen <- struct{}{}
		<-shown // it takes its time
		fmt.Println(t, "°C")
	}})
	temperatures.Next(18)
	<-seen
	for t := 19; t <= 22; t++ {
		temperatures.Next(t)
	}
	shown <- struct{}{}
	<-seen
	shown <- struct{}{}
	temperatures.Complete()
	fmt.Println(display.Wait(), "missed", missed)
	// Output:
	// 18 °C
	// 22 °C
	// <nil> missed 3
}
