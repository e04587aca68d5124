package rxbridge_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/reactivex/rxgo/v2"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

// calls draws what a function notes.
func calls(f func(note func(any))) string {
	var signals []string
	f(func(v any) { signals = append(signals, fmt.Sprint(v)) })
	return joined(signals)
}

// waited draws what the callbacks that RxGo is given note until it is done.
func waited(start func(note func(any)) rxgo.Disposed) rxgo.Iterable {
	return just(calls(func(note func(any)) { <-start(note) }))
}

// tapped draws what an observer notes of a stream that it taps.
func tapped(o observable.Observable[int], tap func(note func(any)) observable.Observer[int]) func() string {
	return func() string {
		return calls(func(note func(any)) { drawn(operators.Tap(o, tap(note)))() })
	}
}

func onNext(note func(any)) observable.Observer[int] {
	return observable.Observer[int]{Next: func(v int) { note(v) }}
}

func onError(note func(any)) observable.Observer[int] {
	return observable.Observer[int]{Error: func(err error) { note(err) }}
}

func onComplete(note func(any)) observable.Observer[int] {
	return observable.Observer[int]{Complete: func() { note("complete") }}
}

// ran draws the error that running a stream returns.
func ran(o observable.Observable[int]) func() string {
	return func() string {
		return calls(func(note func(any)) { note(o.ForEach(context.Background(), func(int) {})) })
	}
}

// observed draws what is received from the channel of Observe.
func observed(o observable.Observable[int]) func() string {
	return func() string {
		return calls(func(note func(any)) {
			for item := range o.Observe(context.Background(), 0) {
				note(item.Value)
				if item.Err != nil {
					note(item.Err)
				}
			}
		})
	}
}

var using = []comparison{
	{"DoOnNext", "", "1 2", "",
		func(rxgo.Option) rxgo.Iterable {
			return waited(func(note func(any)) rxgo.Disposed { return just(1, 2).DoOnNext(note) })
		},
		tapped(source.Of(1, 2), onNext)},
	{"DoOnError", "", "broken", "",
		func(rxgo.Option) rxgo.Iterable {
			return waited(func(note func(any)) rxgo.Disposed {
				return just(1, errBroken).DoOnError(func(err error) { note(err) })
			})
		},
		tapped(failing(1), onError)},
	{"DoOnCompleted", "", "complete", "",
		func(rxgo.Option) rxgo.Iterable {
			return waited(func(note func(any)) rxgo.Disposed {
				return just(1, 2).DoOnCompleted(func() { note("complete") })
			})
		},
		tapped(source.Of(1, 2), onComplete)},
	{"DoOnCompleted", "of a failing source", "nothing", "complete",
		func(rxgo.Option) rxgo.Iterable {
			return waited(func(note func(any)) rxgo.Disposed {
				return just(1, errBroken).DoOnCompleted(func() { note("complete") })
			})
		},
		tapped(failing(1), onComplete)},
	{"ForEach", "of a failing source", "1 broken", "1 broken complete",
		func(rxgo.Option) rxgo.Iterable {
			return waited(func(note func(any)) rxgo.Disposed {
				return just(1, errBroken).ForEach(note, func(err error) { note(err) }, func() { note("complete") })
			})
		},
		func() string {
			return calls(func(note func(any)) {
				_ = failing(1).Subscribe(context.Background(), observable.Observer[int]{
					Next: func(v int) { note(v) }, Error: func(err error) { note(err) }, Complete: func() { note("complete") },
				}).Wait()
			})
		}},
	{"Run", "of a failing source", "broken", "nothing",
		func(rxgo.Option) rxgo.Iterable {
			return waited(func(func(any)) rxgo.Disposed { return just(1, errBroken).Run() })
		},
		ran(failing(1))},
	{"Error", "of a failing source", "broken", "",
		func(rxgo.Option) rxgo.Iterable { return just(just(1, errBroken).Error().Error()) },
		ran(failing(1))},
	{"Errors", "of a source that goes on after its failure", "broken", "[broken again]",
		func(rxgo.Option) rxgo.Iterable {
			return just(fmt.Sprint(just(errBroken, 1, errors.New("again")).Errors()))
		},
		ran(failing())},
	{"Observe", "", "1 2", "",
		func(rxgo.Option) rxgo.Iterable { return rxgo.FromChannel(just(1, 2).Observe()) },
		observed(source.Of(1, 2))},
	{"Send", "", "1 2", "",
		func(with rxgo.Option) rxgo.Iterable {
			output := make(chan rxgo.Item)
			just(1, 2).Send(output, with)
			return rxgo.FromChannel(output)
		},
		observed(source.Of(1, 2))},
	{"Get", "of items", "1", "",
		func(with rxgo.Option) rxgo.Iterable { return got(just(1, 2).First(), with) },
		first(source.Of(1, 2))},
	{"Get", "of nothing", "rivulet: the stream is empty", "<nil>",
		func(with rxgo.Option) rxgo.Iterable { return got(rxgo.Empty().First(), with) },
		first(source.Empty[int]())},
}

// got draws the item or the error that Get returns.
func got(o rxgo.OptionalSingle, with rxgo.Option) rxgo.Iterable {
	item, err := o.Get(with)
	if err != nil {
		return just(err.Error())
	}
	return just(fmt.Sprint(item.V))
}

// first draws the item or the error that First returns.
func first(o observable.Observable[int]) func() string {
	return func() string {
		v, err := o.First(context.Background())
		if err != nil {
			return err.Error()
		}
		return fmt.Sprint(v)
	}
}
