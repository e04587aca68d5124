package rxbridge_test

import (
	"context"
	"fmt"

	"github.com/reactivex/rxgo/v2"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/observabletest"
	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

// unevenly is a duration that ends between two frames.
const unevenly = 5 * observabletest.Frame / 2

var uneven = rxgo.WithDuration(unevenly)

// contents draws the streams in a stream of RxGo as slices.
func contents(windows rxgo.Observable, with rxgo.Option) rxgo.Iterable {
	return windows.FlatMap(func(window rxgo.Item) rxgo.Observable {
		return just(collected(window.V.(rxgo.Observable)))
	}, with)
}

// drawnContents is contents for a stream of ours.
func drawnContents(windows observable.Observable[observable.Observable[int]]) func() string {
	return drawn(operators.ConcatMap(windows, operators.ToSlice[int]))
}

// drawnGroups draws each item with the key of its group.
func drawnGroups[K comparable](groups observable.Observable[operators.Group[K, int]]) func() string {
	return drawn(operators.ConcatMap(groups, func(g operators.Group[K, int]) observable.Observable[string] {
		return operators.Map(g.Items, func(v int) string { return fmt.Sprintf("%v:%d", g.Key, v) })
	}))
}

func parityOf(item rxgo.Item) int { return parity(item.V.(int)) }

var dividing = []comparison{
	{"BufferWithTime", "", "[1 2] [3]", "",
		func(with rxgo.Option) rxgo.Iterable { return anyMarbles("-12-3-|").BufferWithTime(uneven, with) },
		drawn(operators.BufferTime(marbles("-12-3-|"), unevenly))},
	{"BufferWithTime", "without an item for a time", "[1 2] [] [3]", "[1 2] [3]",
		func(with rxgo.Option) rxgo.Iterable { return anyMarbles("-12---3-|").BufferWithTime(uneven, with) },
		drawn(operators.BufferTime(marbles("-12---3-|"), unevenly))},
	{"BufferWithTimeOrCount", "", "[1 2] [3] [4]", "",
		func(with rxgo.Option) rxgo.Iterable {
			return anyMarbles("-(12)3-4|").BufferWithTimeOrCount(uneven, 2, with)
		},
		drawn(operators.BufferTimeOrCount(marbles("-(12)3-4|"), unevenly, 2))},
	{"BufferWithTimeOrCount", "without an item for a time", "[1 2] [3] [] [4]", "[1 2] [3] [4]",
		func(with rxgo.Option) rxgo.Iterable {
			return anyMarbles("-(12)3----4-|").BufferWithTimeOrCount(uneven, 2, with)
		},
		drawn(operators.BufferTimeOrCount(marbles("-(12)3----4-|"), unevenly, 2))},
	{"WindowWithCount", "", "[1 2] [3]", "",
		func(with rxgo.Option) rxgo.Iterable { return contents(just(1, 2, 3).WindowWithCount(2, with), with) },
		drawnContents(operators.WindowCount(source.Of(1, 2, 3), 2))},
	{"WindowWithCount", "that comes out even", "[1 2]", "[1 2] []",
		func(with rxgo.Option) rxgo.Iterable { return contents(just(1, 2).WindowWithCount(2, with), with) },
		drawnContents(operators.WindowCount(source.Of(1, 2), 2))},
	{"WindowWithTime", "", "[1] [2]", "",
		func(with rxgo.Option) rxgo.Iterable {
			return contents(anyMarbles("-1-2|").WindowWithTime(uneven, with), with)
		},
		drawnContents(operators.WindowTime(marbles("-1-2|"), unevenly))},
	{"WindowWithTime", "without an item for a time", "[1 2] [] [3]", "[1 2] [3]",
		func(with rxgo.Option) rxgo.Iterable {
			return contents(anyMarbles("-12---3|").WindowWithTime(uneven, with), with)
		},
		drawnContents(operators.WindowTime(marbles("-12---3|"), unevenly))},
	{"WindowWithTimeOrCount", "", "[1 2] [3]", "",
		func(with rxgo.Option) rxgo.Iterable {
			return contents(anyMarbles("(12)3|").WindowWithTimeOrCount(uneven, 2, with), with)
		},
		drawnContents(operators.WindowTimeOrCount(marbles("(12)3|"), unevenly, 2))},
	{"WindowWithTimeOrCount", "without an item for a time", "[1 2] [3] [] [4]", "[1 2] [3] [4]",
		func(with rxgo.Option) rxgo.Iterable {
			return contents(anyMarbles("(12)3----4|").WindowWithTimeOrCount(uneven, 2, with), with)
		},
		drawnContents(operators.WindowTimeOrCount(marbles("(12)3----4|"), unevenly, 2))},
	{"WindowWithTime", "at whose end no item came", "[1]", "[1] []",
		func(with rxgo.Option) rxgo.Iterable {
			return contents(anyMarbles("-1--|").WindowWithTime(uneven, with), with)
		},
		drawnContents(operators.WindowTime(marbles("-1--|"), unevenly))},
	{"GroupBy", "of as many groups as expected", "0:2 0:4 1:1 1:3", "",
		func(with rxgo.Option) rxgo.Iterable {
			groups := just(2, 1, 4, 3).GroupBy(2, parityOf, with, rxgo.WithBufferedChannel(4))
			return groups.FlatMap(groupDrawn, with)
		},
		drawnGroups(operators.GroupBy(source.Of(2, 1, 4, 3), parity))},
	{"GroupByDynamic", "", "even:2 even:4 odd:1 odd:3", "",
		func(with rxgo.Option) rxgo.Iterable {
			key := func(item rxgo.Item) string { return evenOrOdd(item.V.(int)) }
			return just(2, 1, 4, 3).GroupByDynamic(key, with, rxgo.WithBufferedChannel(4)).FlatMap(dynamicDrawn, with)
		},
		drawnGroups(operators.GroupBy(source.Of(2, 1, 4, 3), evenOrOdd))},
}

func evenOrOdd(v int) string { return map[bool]string{true: "even", false: "odd"}[even(v)] }

// groupDrawn draws each item with the key of its group, which RxGo does not give with a group.
func groupDrawn(group rxgo.Item) rxgo.Observable {
	return group.V.(rxgo.Observable).Map(func(_ context.Context, v any) (any, error) {
		return fmt.Sprintf("%v:%d", parity(v.(int)), v), nil
	})
}

func dynamicDrawn(group rxgo.Item) rxgo.Observable {
	grouped := group.V.(rxgo.GroupedObservable)
	return grouped.Map(func(_ context.Context, v any) (any, error) { return fmt.Sprintf("%v:%d", grouped.Key, v), nil })
}
