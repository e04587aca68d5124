package rxbridge_test

import (
	"cmp"
	"context"
	"encoding/json"

	"github.com/reactivex/rxgo/v2"

	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

func even(v int) bool         { return v%2 == 0 }
func small(v int) bool        { return v < 3 }
func add(acc, v int) int      { return acc + v }
func double(v int) int        { return 2 * v }
func anyEven(v any) bool      { return even(v.(int)) }
func anySmall(v any) bool     { return small(v.(int)) }
func anyCompare(a, b any) int { return cmp.Compare(a.(int), b.(int)) }

func anyDouble(_ context.Context, v any) (any, error) { return double(v.(int)), nil }
func anyParity(_ context.Context, v any) (any, error) { return even(v.(int)), nil }

// anyAdd adds up as RxGo does it, beginning with nil.
func anyAdd(_ context.Context, acc, v any) (any, error) {
	if acc == nil {
		acc = 0
	}
	return add(acc.(int), v.(int)), nil
}

func anyFails(context.Context, any) (any, error) { return nil, errBroken }

func fails(context.Context, int) (int, error) { return 0, errBroken }

func parse(_ context.Context, data []byte) (v int, err error) {
	err = json.Unmarshal(data, &v)
	return v, err
}

func render(_ context.Context, v int) ([]byte, error) { return json.Marshal(v) }

var transforming = []comparison{
	{"Map", "of items", "2 4 6", "",
		func(rxgo.Option) rxgo.Iterable { return just(1, 2, 3).Map(anyDouble) },
		drawn(operators.Map(source.Of(1, 2, 3), double))},
	{"Map", "that fails", "!broken", "",
		func(rxgo.Option) rxgo.Iterable { return just(1, 2).Map(anyFails) },
		drawn(operators.TryMap(source.Of(1, 2), fails))},
	{"Map", "of a failing source", "2 !broken", "",
		func(rxgo.Option) rxgo.Iterable { return just(1, errBroken).Map(anyDouble) },
		drawn(operators.Map(failing(1), double))},
	{"Marshal", "to JSON", "[49] [50]", "",
		func(rxgo.Option) rxgo.Iterable { return just(1, 2).Marshal(json.Marshal) },
		drawn(operators.TryMap(source.Of(1, 2), render))},
	{"Unmarshal", "of JSON", "1 2", "",
		func(rxgo.Option) rxgo.Iterable {
			pointers := just(1, 2).Marshal(json.Marshal).Unmarshal(json.Unmarshal, func() any { return new(int) })
			return pointers.Map(func(_ context.Context, v any) (any, error) { return *v.(*int), nil })
		},
		drawn(operators.TryMap(source.Of([]byte("1"), []byte("2")), parse))},
	{"Scan", "of items", "1 3 6", "",
		func(rxgo.Option) rxgo.Iterable { return just(1, 2, 3).Scan(anyAdd) },
		drawn(operators.Scan(source.Of(1, 2, 3), 0, add))},
	{"Reduce", "of items", "6", "",
		func(rxgo.Option) rxgo.Iterable { return just(1, 2, 3).Reduce(anyAdd) },
		drawn(operators.Reduce(source.Of(1, 2, 3), 0, add))},
	{"Reduce", "of a failing source", "!broken", "",
		func(rxgo.Option) rxgo.Iterable { return just(1, errBroken).Reduce(anyAdd) },
		drawn(operators.Reduce(failing(1), 0, add))},
	{"Reduce", "of nothing", "0", "nothing",
		func(rxgo.Option) rxgo.Iterable { return rxgo.Empty().Reduce(anyAdd) },
		drawn(operators.Reduce(source.Empty[int](), 0, add))},
	{"BufferWithCount", "of items", "[1 2] [3]", "",
		func(rxgo.Option) rxgo.Iterable { return just(1, 2, 3).BufferWithCount(2) },
		drawn(operators.BufferCount(source.Of(1, 2, 3), 2, 2))},
	{"BufferWithCount", "of a failing source", "!broken", "!broken [1]",
		func(rxgo.Option) rxgo.Iterable { return just(1, errBroken).BufferWithCount(2) },
		drawn(operators.BufferCount(failing(1), 2, 2))},
}
