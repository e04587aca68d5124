package bench

import (
	"context"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/samber/ro"

	"github.com/rivulet-go/rivulet/observable"
)

// BenchmarkFanOut sends items to a number of subscribers, each in a goroutine of its own. The cost is that of one item for
// one subscriber. There are so many items that subscribing hardly counts; BenchmarkStartUp measures that. The limit is a
// channel for each subscriber, which cannot leave before the end. With channel-ctx and with Rivulet it can leave at any
// time. ro calls its observers on the goroutine of the sender.
func BenchmarkFanOut(b *testing.B) {
	for _, subscribers := range []int{1, 10, 100, 1000} {
		n := max(200_000/subscribers, 5_000)
		b.Run(strconv.Itoa(subscribers), func(b *testing.B) {
			items := numbers(n)
			race(b, n*subscribers, "item",
				limit(func() int {
					return overChannels(items, subscribers, func(c chan<- int, _ context.Context, v int) { c <- v })
				}),
				by("channel-ctx", func() int {
					return overChannels(items, subscribers, func(c chan<- int, subscriber context.Context, v int) {
						select {
						case c <- v:
						case <-subscriber.Done():
						}
					})
				}),
				rivulet(func() int { return overSubject(items, subscribers) }),
				by("ro", func() int { return overRo(items, subscribers) }),
			)
		})
	}
}

func overChannels(items []int, subscribers int, send func(c chan<- int, subscriber context.Context, v int)) int {
	var total atomic.Int64
	var all sync.WaitGroup
	channels, contexts := make([]chan int, subscribers), make([]context.Context, subscribers)
	for i := range channels {
		ctx, leave := context.WithCancel(context.Background())
		defer leave()
		contexts[i] = ctx
		c := make(chan int, 1024)
		channels[i] = c
		all.Go(func() {
			sum := 0
			for v := range c {
				sum += v
			}
			total.Add(int64(sum))
		})
	}
	for _, v := range items {
		for i, c := range channels {
			send(c, contexts[i], v)
		}
	}
	for _, c := range channels {
		close(c)
	}
	all.Wait()
	return int(total.Load())
}

func overSubject(items []int, subscribers int) int {
	subject := observable.NewSubject[int]()
	var total atomic.Int64
	subscriptions := make([]*observable.Subscription, subscribers)
	for i := range subscriptions {
		sum := 0
		subscriptions[i] = subject.Subscribe(context.Background(), observable.Observer[int]{
			Next:     func(v int) { sum += v },
			Complete: func() { total.Add(int64(sum)) },
		})
	}
	for _, v := range items {
		subject.Next(v)
	}
	subject.Complete()
	for _, s := range subscriptions {
		<-s.Done()
	}
	return int(total.Load())
}

func overRo(items []int, subscribers int) int {
	subject := ro.NewPublishSubject[int]()
	total := 0
	for range subscribers {
		subject.Subscribe(ro.OnNext(func(v int) { total += v }))
	}
	for _, v := range items {
		subject.Next(v)
	}
	subject.Complete()
	return total
}
