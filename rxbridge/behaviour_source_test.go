package rxbridge_test

import (
	"context"
	"time"

	"github.com/reactivex/rxgo/v2"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

// oneTwo is a stream that a program makes by hand.
func oneTwo(_ context.Context, next chan<- rxgo.Item) {
	next <- rxgo.Of(1)
	next <- rxgo.Of(2)
}

func ourOneTwo(_ context.Context, emit func(int) bool) error {
	if emit(1) {
		emit(2)
	}
	return nil
}

// filled is a closed channel of items.
func filled[T any](items ...T) <-chan T {
	channel := make(chan T, len(items))
	for _, item := range items {
		channel <- item
	}
	close(channel)
	return channel
}

// again draws a stream at its second run.
func again[T any](o observable.Observable[T]) func() string {
	return func() string {
		drawn(o)()
		return drawn(o)()
	}
}

// againRxGo is a stream of RxGo that was observed once already.
func againRxGo(o rxgo.Observable, with rxgo.Option) rxgo.Iterable {
	drawnRxGo(o, with)
	return o
}

func three(context.Context) (int, error) { return 3, nil }

func anyThree(context.Context) rxgo.Item { return rxgo.Of(3) }

var making = []comparison{
	{"Create", "", "1 2", "",
		func(with rxgo.Option) rxgo.Iterable { return rxgo.Create([]rxgo.Producer{oneTwo}, with) },
		drawn[int](ourOneTwo)},
	{"Create", "that is run again", "1 2", "nothing",
		func(with rxgo.Option) rxgo.Iterable {
			return againRxGo(rxgo.Create([]rxgo.Producer{oneTwo}, with), with)
		},
		again[int](ourOneTwo)},
	{"Defer", "that is run again", "1 2", "",
		func(with rxgo.Option) rxgo.Iterable {
			return againRxGo(rxgo.Defer([]rxgo.Producer{oneTwo}, with), with)
		},
		again(source.Defer(func() observable.Observable[int] { return ourOneTwo }))},
	{"Empty", "", "nothing", "",
		func(rxgo.Option) rxgo.Iterable { return rxgo.Empty() },
		drawn(source.Empty[int]())},
	{"Never", "", "...", "",
		func(rxgo.Option) rxgo.Iterable { return rxgo.Never() },
		drawn(source.Never[int]())},
	{"Thrown", "", "!broken", "",
		func(rxgo.Option) rxgo.Iterable { return rxgo.Thrown(errBroken) },
		drawn(source.Throw[int](errBroken))},
	{"Thrown", "that is run again", "!broken", "nothing",
		func(with rxgo.Option) rxgo.Iterable { return againRxGo(rxgo.Thrown(errBroken), with) },
		again(source.Throw[int](errBroken))},
	{"FromChannel", "of a closed channel", "1 2", "",
		func(rxgo.Option) rxgo.Iterable { return rxgo.FromChannel(filled(rxgo.Of(1), rxgo.Of(2))) },
		func() string { return drawn(source.FromChannel(filled(1, 2)))() }},
	{"FromEventSource", "of what came before the subscription", "nothing", "",
		func(with rxgo.Option) rxgo.Iterable {
			hot := rxgo.FromEventSource(filled(rxgo.Of(1), rxgo.Of(2)), with)
			time.Sleep(time.Second)
			return hot
		},
		func() string {
			subject := observable.NewSubject[int]()
			subject.Next(1)
			subject.Next(2)
			subject.Complete()
			return drawn(subject.Observable())()
		}},
	{"Interval", "", "0 1 2", "",
		func(with rxgo.Option) rxgo.Iterable {
			return rxgo.Interval(rxgo.WithDuration(time.Second), with).Take(3, with)
		},
		drawn(operators.Take(source.Interval(time.Second), 3))},
	{"Interval", "that is run late", "0 1 2", "3 4 5",
		func(with rxgo.Option) rxgo.Iterable {
			hot := rxgo.Interval(rxgo.WithDuration(time.Second), with)
			time.Sleep(3*time.Second + time.Millisecond)
			return hot.Take(3, with)
		},
		func() string {
			cold := source.Interval(time.Second)
			time.Sleep(3*time.Second + time.Millisecond)
			return drawn(operators.Take(cold, 3))()
		}},
	{"Just", "", "1 2", "",
		func(rxgo.Option) rxgo.Iterable { return just(1, 2) },
		drawn(source.Of(1, 2))},
	{"JustItem", "", "1", "",
		func(rxgo.Option) rxgo.Iterable { return rxgo.JustItem(1) },
		drawn(source.Of(1))},
	{"Range", "", "5 6 7", "",
		func(rxgo.Option) rxgo.Iterable { return rxgo.Range(5, 3) },
		drawn(source.Range(5, 3))},
	{"Start", "", "3 3", "",
		func(with rxgo.Option) rxgo.Iterable { return rxgo.Start([]rxgo.Supplier{anyThree, anyThree}, with) },
		drawn(operators.Repeat(source.FromFunc(three), 2))},
	{"Timer", "", "01.000", "nothing",
		func(with rxgo.Option) rxgo.Iterable { return rxgo.Timer(rxgo.WithDuration(time.Second), with) },
		drawn(operators.Map(source.Timer(time.Second), utc))},
}
