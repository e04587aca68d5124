package rxbridge_test

import (
	"context"

	"github.com/reactivex/rxgo/v2"

	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

// stuck emits its items and then neither emits nor ends.
func stuck(with rxgo.Option, items ...any) rxgo.Observable {
	return rxgo.Concat([]rxgo.Observable{just(items...), rxgo.Never()}, with)
}

func itself(_ context.Context, v any) (any, error) { return v, nil }

var filtering = []comparison{
	{"Filter", "of items", "2 4", "",
		func(rxgo.Option) rxgo.Iterable { return just(1, 2, 3, 4).Filter(anyEven) },
		drawn(operators.Filter(source.Of(1, 2, 3, 4), even))},
	{"Take", "of more items", "1 2", "",
		func(rxgo.Option) rxgo.Iterable { return just(1, 2, 3).Take(2) },
		drawn(operators.Take(source.Of(1, 2, 3), 2))},
	{"Take", "of all items of a stream that goes on", "1 2", "1 2 ...",
		func(with rxgo.Option) rxgo.Iterable { return stuck(with, 1, 2).Take(2) },
		drawn(operators.Take(operators.Concat(source.Of(1, 2), source.Never[int]()), 2))},
	{"TakeLast", "of more items", "2 3", "",
		func(rxgo.Option) rxgo.Iterable { return just(1, 2, 3).TakeLast(2) },
		drawn(operators.TakeLast(source.Of(1, 2, 3), 2))},
	{"TakeLast", "of fewer items", "1", "",
		func(rxgo.Option) rxgo.Iterable { return just(1).TakeLast(2) },
		drawn(operators.TakeLast(source.Of(1), 2))},
	{"TakeLast", "of a failing source", "!broken", "!broken 1",
		func(rxgo.Option) rxgo.Iterable { return just(1, errBroken).TakeLast(1) },
		drawn(operators.TakeLast(failing(1), 1))},
	{"TakeUntil", "a predicate", "1 2 3", "",
		func(rxgo.Option) rxgo.Iterable {
			return just(1, 2, 3, 4).TakeUntil(func(v any) bool { return !anySmall(v) })
		},
		drawn(operators.TakeThrough(source.Of(1, 2, 3, 4), small))},
	{"TakeWhile", "a predicate", "1 2", "",
		func(rxgo.Option) rxgo.Iterable { return just(1, 2, 3, 1).TakeWhile(anySmall) },
		drawn(operators.TakeWhile(source.Of(1, 2, 3, 1), small))},
	{"Skip", "of items", "3 4", "",
		func(rxgo.Option) rxgo.Iterable { return just(1, 2, 3, 4).Skip(2) },
		drawn(operators.Skip(source.Of(1, 2, 3, 4), 2))},
	{"SkipLast", "of items", "1 2 3", "1",
		func(rxgo.Option) rxgo.Iterable { return just(1, 2, 3, 4).SkipLast(1) },
		drawn(operators.SkipLast(source.Of(1, 2, 3, 4), 1))},
	{"SkipWhile", "a predicate", "3 1", "",
		func(rxgo.Option) rxgo.Iterable { return just(1, 2, 3, 1).SkipWhile(anySmall) },
		drawn(operators.SkipWhile(source.Of(1, 2, 3, 1), small))},
	{"ElementAt", "an index", "2", "",
		func(rxgo.Option) rxgo.Iterable { return just(1, 2, 3).ElementAt(1) },
		drawn(operators.ElementAt(source.Of(1, 2, 3), 1))},
	{"ElementAt", "an index beyond the end", "!rivulet: the stream has no element at this index", "!illegal input: ",
		func(rxgo.Option) rxgo.Iterable { return just(1, 2, 3).ElementAt(3) },
		drawn(operators.ElementAt(source.Of(1, 2, 3), 3))},
	{"First", "of items", "1", "",
		func(rxgo.Option) rxgo.Iterable { return just(1, 2, 3).First() },
		drawn(operators.First(source.Of(1, 2, 3)))},
	{"First", "of nothing", "!rivulet: the stream is empty", "nothing",
		func(rxgo.Option) rxgo.Iterable { return rxgo.Empty().First() },
		drawn(operators.First(source.Empty[int]()))},
	{"FirstOrDefault", "of items", "1", "",
		func(rxgo.Option) rxgo.Iterable { return just(1, 2, 3).FirstOrDefault(7) },
		drawn(operators.DefaultIfEmpty(operators.Take(source.Of(1, 2, 3), 1), 7))},
	{"FirstOrDefault", "of nothing", "7", "",
		func(rxgo.Option) rxgo.Iterable { return rxgo.Empty().FirstOrDefault(7) },
		drawn(operators.DefaultIfEmpty(operators.Take(source.Empty[int](), 1), 7))},
	{"FirstOrDefault", "of a failing source", "!broken", "!broken 7",
		func(rxgo.Option) rxgo.Iterable { return just(errBroken).FirstOrDefault(7) },
		drawn(operators.DefaultIfEmpty(operators.Take(failing(), 1), 7))},
	{"Last", "of items", "3", "",
		func(rxgo.Option) rxgo.Iterable { return just(1, 2, 3).Last() },
		drawn(operators.Last(source.Of(1, 2, 3)))},
	{"Last", "of nothing", "!rivulet: the stream is empty", "nothing",
		func(rxgo.Option) rxgo.Iterable { return rxgo.Empty().Last() },
		drawn(operators.Last(source.Empty[int]()))},
	{"LastOrDefault", "of items", "3", "",
		func(rxgo.Option) rxgo.Iterable { return just(1, 2, 3).LastOrDefault(7) },
		drawn(operators.DefaultIfEmpty(operators.TakeLast(source.Of(1, 2, 3), 1), 7))},
	{"LastOrDefault", "of nothing", "7", "",
		func(rxgo.Option) rxgo.Iterable { return rxgo.Empty().LastOrDefault(7) },
		drawn(operators.DefaultIfEmpty(operators.TakeLast(source.Empty[int](), 1), 7))},
	{"LastOrDefault", "of a failing source", "!broken", "!broken 1",
		func(rxgo.Option) rxgo.Iterable { return just(1, errBroken).LastOrDefault(7) },
		drawn(operators.DefaultIfEmpty(operators.TakeLast(failing(1), 1), 7))},
	{"Find", "an item", "2", "",
		func(rxgo.Option) rxgo.Iterable { return just(1, 2, 3, 4).Find(anyEven) },
		drawn(operators.Find(source.Of(1, 2, 3, 4), even))},
	{"Find", "no item", "nothing", "",
		func(rxgo.Option) rxgo.Iterable { return just(1, 3).Find(anyEven) },
		drawn(operators.Find(source.Of(1, 3), even))},
	{"IgnoreElements", "of a failing source", "!broken", "",
		func(rxgo.Option) rxgo.Iterable { return just(1, errBroken).IgnoreElements() },
		drawn(operators.IgnoreElements(failing(1)))},
	{"Distinct", "by itself", "1 2 3", "",
		func(rxgo.Option) rxgo.Iterable { return just(1, 2, 2, 1, 3).Distinct(itself) },
		drawn(operators.Distinct(source.Of(1, 2, 2, 1, 3)))},
	{"Distinct", "by a key", "1 2", "",
		func(rxgo.Option) rxgo.Iterable { return just(1, 2, 2, 1, 3).Distinct(anyParity) },
		drawn(operators.DistinctBy(source.Of(1, 2, 2, 1, 3), even))},
	{"DistinctUntilChanged", "by itself", "1 2 1 3", "",
		func(rxgo.Option) rxgo.Iterable { return just(1, 2, 2, 1, 3).DistinctUntilChanged(itself) },
		drawn(operators.DistinctUntilChanged(source.Of(1, 2, 2, 1, 3)))},
	{"DistinctUntilChanged", "by a key", "1 2 1", "",
		func(rxgo.Option) rxgo.Iterable { return just(1, 2, 2, 1, 3).DistinctUntilChanged(anyParity) },
		drawn(operators.DistinctUntilChangedBy(source.Of(1, 2, 2, 1, 3), even))},
	{"DistinctUntilChanged", "whose first key is nil", "1 2", "2",
		func(rxgo.Option) rxgo.Iterable { return just(1, 2).DistinctUntilChanged(nilForOdd) },
		drawn(operators.DistinctUntilChangedBy(source.Of(1, 2), func(v int) any {
			key, _ := nilForOdd(context.Background(), v)
			return key
		}))},
	{"DefaultIfEmpty", "of items", "1 2", "",
		func(rxgo.Option) rxgo.Iterable { return just(1, 2).DefaultIfEmpty(7) },
		drawn(operators.DefaultIfEmpty(source.Of(1, 2), 7))},
	{"DefaultIfEmpty", "of nothing", "7", "",
		func(rxgo.Option) rxgo.Iterable { return rxgo.Empty().DefaultIfEmpty(7) },
		drawn(operators.DefaultIfEmpty(source.Empty[int](), 7))},
	{"DefaultIfEmpty", "of a failing source", "!broken", "!broken 7",
		func(rxgo.Option) rxgo.Iterable { return just(errBroken).DefaultIfEmpty(7) },
		drawn(operators.DefaultIfEmpty(failing(), 7))},
}

func nilForOdd(_ context.Context, v any) (any, error) {
	if anyEven(v) {
		return v, nil
	}
	return nil, nil
}
