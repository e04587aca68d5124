package rxbridge_test

import (
	"context"
	"time"

	"github.com/reactivex/rxgo/v2"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/observabletest"
	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

// both is what RxGo's functions of several streams take.
func both(a, b rxgo.Observable) []rxgo.Observable { return []rxgo.Observable{a, b} }

// pair writes two digits as a number of two digits.
func pair(a, b int) int { return 10*a + b }

func anyPair(_ context.Context, a, b any) (any, error) { return pair(a.(int), b.(int)), nil }

func anyPairOf(items ...any) any { return pair(items[0].(int), items[1].(int)) }

// twofold is a stream of an item, twice.
func twofold(v int) observable.Observable[int] { return source.Of(v, v) }

func anyTwofold(item rxgo.Item) rxgo.Observable {
	if item.Error() {
		return just(7)
	}
	return just(item.V, item.V)
}

var combining = []comparison{
	{"Amb", "", "3 4", "", // the loser has no item: its goroutine would wait in a lock, which stops the bubble's clock
		func(with rxgo.Option) rxgo.Iterable { return rxgo.Amb(both(rxgo.Never(), anyMarbles("-3--4|")), with) },
		drawn(operators.Race(source.Never[int](), marbles("-3--4|")))},
	{"Amb", "with a stream that ends without an item", "nothing", "1",
		func(with rxgo.Option) rxgo.Iterable {
			return rxgo.Amb(both(anyMarbles("--1|"), anyMarbles("-|")), with)
		},
		drawn(operators.Race(marbles("--1|"), marbles("-|")))},
	{"Amb", "of streams without items", "nothing", "...",
		func(with rxgo.Option) rxgo.Iterable { return rxgo.Amb(both(anyMarbles("|"), anyMarbles("-|")), with) },
		drawn(operators.Race(marbles("|"), marbles("-|")))},
	{"CombineLatest", "", "13 23 24", "",
		func(with rxgo.Option) rxgo.Iterable {
			return rxgo.CombineLatest(anyPairOf, both(anyMarbles("-1--2---|"), anyMarbles("--3--4-|")), with)
		},
		drawn(operators.CombineLatest2(marbles("-1--2---|"), marbles("--3--4-|"), pair))},
	{"Concat", "", "1 2 3 4", "",
		func(with rxgo.Option) rxgo.Iterable { return rxgo.Concat(both(just(1, 2), just(3, 4)), with) },
		drawn(operators.Concat(source.Of(1, 2), source.Of(3, 4)))},
	{"Concat", "of a failing source", "1 !broken", "",
		func(with rxgo.Option) rxgo.Iterable { return rxgo.Concat(both(just(1, errBroken), just(3, 4)), with) },
		drawn(operators.Concat(failing(1), source.Of(3, 4)))},
	{"Merge", "", "1 3 2 4", "",
		func(with rxgo.Option) rxgo.Iterable {
			return rxgo.Merge(both(anyMarbles("-1--2|"), anyMarbles("--3---4|")), with)
		},
		drawn(operators.Merge(marbles("-1--2|"), marbles("--3---4|")))},
	{"Merge", "of a failing source", "1 3 !observabletest: the # of a marble picture",
		"1 3 !observabletest: the # of a marble picture 4",
		func(with rxgo.Option) rxgo.Iterable {
			return rxgo.Merge(both(anyMarbles("-1--#"), anyMarbles("--3---4|")), with)
		},
		drawn(operators.Merge(marbles("-1--#"), marbles("--3---4|")))},
	{"Merge", "that is run again", "1 3 2 4", "nothing",
		func(with rxgo.Option) rxgo.Iterable {
			return againRxGo(rxgo.Merge(both(anyMarbles("-1--2|"), anyMarbles("--3---4|")), with), with)
		},
		again(operators.Merge(marbles("-1--2|"), marbles("--3---4|")))},
	{"StartWith", "", "3 4 1 2", "",
		func(with rxgo.Option) rxgo.Iterable { return just(1, 2).StartWith(just(3, 4), with) },
		drawn(operators.StartWith(source.Of(1, 2), 3, 4))},
	{"ZipFromIterable", "of streams of different lengths", "14 25", "",
		func(with rxgo.Option) rxgo.Iterable {
			return just(1, 2, 3).ZipFromIterable(just(4, 5), anyPair, with)
		},
		drawn(operators.Zip2(source.Of(1, 2, 3), source.Of(4, 5), pair))},
	{"SequenceEqual", "of equal streams", "true", "",
		func(with rxgo.Option) rxgo.Iterable { return just(1, 2).SequenceEqual(just(1, 2), with) },
		drawn(operators.SequenceEqual(source.Of(1, 2), source.Of(1, 2)))},
	{"SequenceEqual", "of different items", "false", "",
		func(with rxgo.Option) rxgo.Iterable { return just(1, 2).SequenceEqual(just(1, 3), with) },
		drawn(operators.SequenceEqual(source.Of(1, 2), source.Of(1, 3)))},
	{"SequenceEqual", "of different lengths", "false", "",
		func(with rxgo.Option) rxgo.Iterable { return just(1, 2).SequenceEqual(just(1), with) },
		drawn(operators.SequenceEqual(source.Of(1, 2), source.Of(1)))},
	{"FlatMap", "", "1 1 2 2", "",
		func(with rxgo.Option) rxgo.Iterable { return just(1, 2).FlatMap(anyTwofold, with) },
		drawn(operators.ConcatMap(source.Of(1, 2), twofold))},
	{"FlatMap", "of a failing source", "1 1 !broken", "1 1 7",
		func(with rxgo.Option) rxgo.Iterable { return just(1, errBroken).FlatMap(anyTwofold, with) },
		drawn(operators.ConcatMap(failing(1), twofold))},
	{"Serialize", "of a pool", "2 4 6 8", "",
		func(with rxgo.Option) rxgo.Iterable {
			half := func(v any) int { return v.(int)/2 - 1 }
			return just(1, 2, 3, 4).Map(anyDouble, with, rxgo.WithPool(2)).Serialize(0, half, with)
		},
		drawn(operators.ParallelMap(source.Of(1, 2, 3, 4), 2, func(_ context.Context, v int) (int, error) {
			return double(v), nil
		}))},
	{"Sample", "", "2 3", "",
		func(with rxgo.Option) rxgo.Iterable {
			return anyMarbles("-12---3--4|").Sample(anyMarbles("---0---0--"), with)
		},
		drawn(operators.Sample(marbles("-12---3--4|"), marbles("---0---0--")))},
	{"Join", "", "12 13 68", "",
		func(with rxgo.Option) rxgo.Iterable {
			return anyMarbles("-1----6---|").Join(anyPair, anyMarbles("--23----8-|"), frameOf, frames(2), with)
		},
		drawn(operators.Join(marbles("-1----6---|"), marbles("--23----8-|"), 2*observabletest.Frame, pair))},
	{"Join", "of items that meet several", "13 23 14 24", "13 14 23 24",
		func(with rxgo.Option) rxgo.Iterable {
			return anyMarbles("-12---|").Join(anyPair, anyMarbles("---34-|"), frameOf, frames(3), with)
		},
		drawn(operators.Join(marbles("-12---|"), marbles("---34-|"), 3*observabletest.Frame, pair))},
}

// frameOf is the time of the frame that an item is the number of.
func frameOf(v any) time.Time { return time.Time{}.Add(time.Duration(v.(int)) * observabletest.Frame) }
