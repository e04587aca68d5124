package rxbridge_test

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/reactivex/rxgo/v2"

	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

// averages compares an operator of RxGo that has a name of its own for each type of item.
func averages(name string, of func(o rxgo.Observable) rxgo.Single, item func(int) any) []comparison {
	return []comparison{
		{name, "of items", "2", "",
			func(rxgo.Option) rxgo.Iterable { return of(just(item(1), item(2), item(3))) },
			drawn(operators.Average(source.Of(1, 2, 3)))},
		{name, "of nothing", "nothing", "0",
			func(rxgo.Option) rxgo.Iterable { return of(rxgo.Empty()) },
			drawn(operators.Average(source.Empty[int]()))},
	}
}

// fractions compares the averages of integers, whose mean is none.
func fractions(name string, of func(o rxgo.Observable) rxgo.Single, item func(int) any) []comparison {
	return append(averages(name, of, item), comparison{name, "that is a fraction", "1.5", "1",
		func(rxgo.Option) rxgo.Iterable { return of(just(item(1), item(2))) },
		drawn(operators.Average(source.Of(1, 2)))})
}

func sums(name string, of func(o rxgo.Observable) rxgo.OptionalSingle) []comparison {
	return []comparison{
		{name, "of items", "6", "",
			func(rxgo.Option) rxgo.Iterable { return of(just(1, 2, 3)) },
			drawn(operators.Sum(source.Of(1, 2, 3)))},
		{name, "of nothing", "0", "nothing",
			func(rxgo.Option) rxgo.Iterable { return of(rxgo.Empty()) },
			drawn(operators.Sum(source.Empty[int]()))},
	}
}

var averaging = slices.Concat(
	averages("AverageFloat32", func(o rxgo.Observable) rxgo.Single { return o.AverageFloat32() }, as[float32]),
	averages("AverageFloat64", func(o rxgo.Observable) rxgo.Single { return o.AverageFloat64() }, as[float64]),
	fractions("AverageInt", func(o rxgo.Observable) rxgo.Single { return o.AverageInt() }, as[int]),
	fractions("AverageInt8", func(o rxgo.Observable) rxgo.Single { return o.AverageInt8() }, as[int8]),
	fractions("AverageInt16", func(o rxgo.Observable) rxgo.Single { return o.AverageInt16() }, as[int16]),
	fractions("AverageInt32", func(o rxgo.Observable) rxgo.Single { return o.AverageInt32() }, as[int32]),
	fractions("AverageInt64", func(o rxgo.Observable) rxgo.Single { return o.AverageInt64() }, as[int64]),
	sums("SumFloat32", func(o rxgo.Observable) rxgo.OptionalSingle { return o.SumFloat32() }),
	sums("SumFloat64", func(o rxgo.Observable) rxgo.OptionalSingle { return o.SumFloat64() }),
	sums("SumInt64", func(o rxgo.Observable) rxgo.OptionalSingle { return o.SumInt64() }),
)

func as[N operators.Number](v int) any { return N(v) }

var folding = []comparison{
	{"Count", "of items", "3", "",
		func(rxgo.Option) rxgo.Iterable { return just(1, 2, 3).Count() },
		drawn(operators.Count(source.Of(1, 2, 3)))},
	{"Count", "of a failing source", "!broken", "1",
		func(rxgo.Option) rxgo.Iterable { return just(1, errBroken).Count() },
		drawn(operators.Count(failing(1)))},
	{"Max", "of items", "3", "",
		func(rxgo.Option) rxgo.Iterable { return just(1, 3, 2).Max(anyCompare) },
		drawn(operators.Max(source.Of(1, 3, 2)))},
	{"Max", "of nothing", "nothing", "",
		func(rxgo.Option) rxgo.Iterable { return rxgo.Empty().Max(anyCompare) },
		drawn(operators.Max(source.Empty[int]()))},
	{"Max", "of several", "1", "",
		func(rxgo.Option) rxgo.Iterable { return just(2, 1, 3).Max(anyCompareParity) },
		drawn(operators.MaxBy(source.Of(2, 1, 3), parity))},
	{"Min", "of items", "1", "",
		func(rxgo.Option) rxgo.Iterable { return just(3, 1, 2).Min(anyCompare) },
		drawn(operators.Min(source.Of(3, 1, 2)))},
	{"Min", "of nothing", "nothing", "",
		func(rxgo.Option) rxgo.Iterable { return rxgo.Empty().Min(anyCompare) },
		drawn(operators.Min(source.Empty[int]()))},
	{"Min", "of several", "2", "",
		func(rxgo.Option) rxgo.Iterable { return just(1, 2, 4).Min(anyCompareParity) },
		drawn(operators.MinBy(source.Of(1, 2, 4), parity))},
	{"ToMap", "by a key", "map[false:3 true:2]", "",
		func(rxgo.Option) rxgo.Iterable { return just(1, 2, 3).ToMap(anyParity) },
		drawn(operators.ToMap(source.Of(1, 2, 3), func(v int) (bool, int) { return even(v), v }))},
	{"ToMap", "of a failing source", "!broken", "!broken map[false:1]",
		func(rxgo.Option) rxgo.Iterable { return just(1, errBroken).ToMap(anyParity) },
		drawn(operators.ToMap(failing(1), func(v int) (bool, int) { return even(v), v }))},
	{"ToMapWithValueSelector", "", "map[false:6 true:4]", "",
		func(rxgo.Option) rxgo.Iterable { return just(1, 2, 3).ToMapWithValueSelector(anyParity, anyDouble) },
		drawn(operators.ToMap(source.Of(1, 2, 3), func(v int) (bool, int) { return even(v), double(v) }))},
	{"ToMapWithValueSelector", "of a failing source", "!broken", "!broken map[false:2]",
		func(rxgo.Option) rxgo.Iterable {
			return just(1, errBroken).ToMapWithValueSelector(anyParity, anyDouble)
		},
		drawn(operators.ToMap(failing(1), func(v int) (bool, int) { return even(v), double(v) }))},
	{"ToSlice", "of items", "[1 2 3]", "",
		func(rxgo.Option) rxgo.Iterable { return just(collected(just(1, 2, 3))) },
		drawn(operators.ToSlice(source.Of(1, 2, 3)))},
	{"All", "of items that all match", "true", "",
		func(rxgo.Option) rxgo.Iterable { return just(2, 4).All(anyEven) },
		drawn(operators.All(source.Of(2, 4), even))},
	{"All", "of items that do not all match", "false", "",
		func(rxgo.Option) rxgo.Iterable { return just(2, 3, 5).All(anyEven) },
		drawn(operators.All(source.Of(2, 3, 5), even))},
	{"All", "of a failing source", "!broken", "!broken true",
		func(rxgo.Option) rxgo.Iterable { return just(2, errBroken).All(anyEven) },
		drawn(operators.All(failing(2), even))},
	{"Contains", "a match", "true", "",
		func(rxgo.Option) rxgo.Iterable { return just(1, 2, 4).Contains(anyEven) },
		drawn(operators.Any(source.Of(1, 2, 4), even))},
	{"Contains", "an item", "true", "",
		func(rxgo.Option) rxgo.Iterable { return just(1, 2).Contains(func(v any) bool { return v == 2 }) },
		drawn(operators.Contains(source.Of(1, 2), 2))},
	{"Contains", "no match", "false", "",
		func(rxgo.Option) rxgo.Iterable { return just(1, 3).Contains(anyEven) },
		drawn(operators.Any(source.Of(1, 3), even))},
	{"Contains", "of a failing source", "!broken", "!broken false",
		func(rxgo.Option) rxgo.Iterable { return just(1, errBroken).Contains(anyEven) },
		drawn(operators.Any(failing(1), even))},
}

func parity(v int) int { return v % 2 }

// anyCompareParity makes odd items greater than even ones.
func anyCompareParity(a, b any) int { return cmp.Compare(parity(a.(int)), parity(b.(int))) }

func collected(o rxgo.Observable) string {
	items, _ := o.ToSlice(0)
	return fmt.Sprint(items)
}
