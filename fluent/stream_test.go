package fluent_test

import (
	"context"
	"fmt"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/fluent"
	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/observabletest"
	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

var (
	five  = source.Range(1, 5)
	even  = func(v int) bool { return v%2 == 0 }
	plus  = func(a, b int) int { return a + b }
	three = func(v int) observable.Observable[int] { return source.Range(v, 3) }
)

// same runs a chain of methods and the same chain of functions.
func same[T any](t *testing.T, methods fluent.Stream[T], functions observable.Observable[T]) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		want, wantErr := functions.Collect(t.Context())
		got, err := methods.Collect(t.Context())
		require.Equal(t, want, got)
		require.Equal(t, wantErr, err)
	})
}

// There is a row for each kind of method that the generator makes.
func TestMethodsDoWhatTheOperatorsDo(t *testing.T) {
	s := fluent.From(five)
	for name, check := range map[string]func(*testing.T){
		"no argument":      func(t *testing.T) { same(t, s.Count(), operators.Count(five)) },
		"number":           func(t *testing.T) { same(t, s.Take(2), operators.Take(five, 2)) },
		"function":         func(t *testing.T) { same(t, s.Filter(even), operators.Filter(five, even)) },
		"values":           func(t *testing.T) { same(t, s.EndWith(6, 7), operators.EndWith(five, 6, 7)) },
		"other item type":  func(t *testing.T) { same(t, s.Map(strconv.Itoa), operators.Map(five, strconv.Itoa)) },
		"seed":             func(t *testing.T) { same(t, s.Scan(1, plus), operators.Scan(five, 1, plus)) },
		"ordered key":      func(t *testing.T) { same(t, s.MaxBy(strconv.Itoa), operators.MaxBy(five, strconv.Itoa)) },
		"no source":        func(t *testing.T) { same(t, s.OfType[any](), operators.OfType[any](five)) },
		"slices":           func(t *testing.T) { same(t, s.History(2), operators.History(five, 2)) },
		"slices of time":   func(t *testing.T) { same(t, s.BufferTime(1), operators.BufferTime(five, 1)) },
		"arrays":           func(t *testing.T) { same(t, s.Pairwise(), operators.Pairwise(five)) },
		"structs":          func(t *testing.T) { same(t, s.Enumerate(), operators.Enumerate(five)) },
		"notifications":    func(t *testing.T) { same(t, s.Materialize(), operators.Materialize(five)) },
		"several sources":  func(t *testing.T) { same(t, s.Concat(five, s), operators.Concat(five, five, five)) },
		"slices of items":  func(t *testing.T) { same(t, s.ZipAll(s, five), operators.ZipAll(five, five, five)) },
		"no other source":  func(t *testing.T) { same(t, s.Race(), operators.Race(five)) },
		"makes a stream":   func(t *testing.T) { same(t, s.ConcatMap(three), operators.ConcatMap(five, three)) },
		"makes one by one": func(t *testing.T) { same(t, s.FlatMap(1, three), operators.FlatMap(five, 1, three)) },
	} {
		t.Run(name, check)
	}
}

func TestAnOperatorFailsThroughItsMethod(t *testing.T) {
	parse := func(_ context.Context, v int) (int, error) { return v, errOffline }
	same(t, fluent.From(five).TryMap(parse), operators.TryMap(five, parse))
	same(t, fluent.From(source.Throw[int](errOffline)).History(2), operators.History(source.Throw[int](errOffline), 2))
	_, err := fluent.From(source.Never[int]()).Timeout(time.Millisecond).Pairwise().First(t.Context())
	require.ErrorIs(t, err, operators.ErrTimeout)
}

func TestFurtherSourcesAreObservablesOrStreams(t *testing.T) {
	words := source.Of("a", "b", "c")
	join := func(v int, word string) string { return strconv.Itoa(v) + word }
	want := operators.Zip2(five, words, join)
	s := fluent.From(five)
	same(t, s.Zip2(words, join), want)
	same(t, s.Zip2(fluent.From(words), join), want)
	same(t, s.Zip2(func(ctx context.Context, emit func(string) bool) error { return words(ctx, emit) }, join), want)
	same(t, fluent.From(fluent.From(five)).Zip2(words, join), want)

	none := fluent.From(source.Empty[int]())
	same(t, none.SwitchIfEmpty(five), five)
	same(t, none.SwitchIfEmpty(s), five)
	same(t, s.TakeUntil(source.Timer(time.Second)), five)
	same(t, s.TakeUntil(fluent.From(source.Timer(time.Second))), five)
	never := fluent.From(source.Never[int]())
	same(t, never.TimeoutWith(time.Second, s), five)
	sum := func(a int, b string, c int) string { return strconv.Itoa(a) + b + strconv.Itoa(c) }
	same(t, s.Zip3(words, s, sum), operators.Zip3(five, words, five, sum))
}

func TestAFunctionMayReturnAnObservableOrAStream(t *testing.T) {
	want := operators.ConcatMap(five, three)
	s := fluent.From(five)
	same(t, s.ConcatMap(func(v int) fluent.Stream[int] { return fluent.From(three(v)) }), want)
	same(t, s.ConcatMap(func(v int) fluent.Source[int] { return three(v) }), want)
	failing := fluent.From(source.Throw[int](errOffline))
	same(t, failing.Catch(func(error) fluent.Stream[int] { return s }), five)
	same(t, failing.Catch(func(error) observable.Observable[int] { return five }), five)
	same(t, s.BufferCount(2, 2).ConcatMap(source.FromSlice), five)
}

func TestPartition(t *testing.T) {
	yes, no := fluent.From(five).Partition(even)
	same(t, yes, source.Of(2, 4))
	same(t, no, source.Of(1, 3, 5))
}

func TestPublish(t *testing.T) {
	connectable := fluent.From(five).Publish()
	same(t, fluent.From(connectable.AutoConnect(1)), five)
}

func TestVia(t *testing.T) {
	s := fluent.From(five)
	for name, got := range map[string]fluent.Stream[int]{
		"operator":                  s.Via(operators.Distinct),
		"operator with its type":    s.Via(operators.Distinct[int]),
		"from Stream to Observable": s.Via(func(s fluent.Stream[int]) observable.Observable[int] { return s.Observable() }),
		"from Observable to Stream": s.Via(func(o observable.Observable[int]) fluent.Stream[int] { return fluent.From(o) }),
	} {
		t.Run(name, func(t *testing.T) { same(t, got, five) })
	}
}

// docs/guide/fluent.md shows these expressions.
func TestTheOperatorsWithoutAMethod(t *testing.T) {
	s := fluent.From(five)
	batches, streams, notifications := s.BufferCount(2, 2), fluent.From(source.Of(five)), s.Materialize()
	same(t, s.Via(operators.Average), source.Of(3.0))
	same(t, s.Via(operators.Sum), source.Of(15))
	same(t, s.Via(operators.Max), source.Of(5))
	same(t, s.Via(operators.Min), source.Of(1))
	same(t, s.Via(operators.First), source.Of(1))
	same(t, s.Via(operators.Last), source.Of(5))
	same(t, s.Via(operators.Distinct), five)
	same(t, s.Via(operators.DistinctUntilChanged), five)
	same(t, batches.Via(operators.Flatten), five)
	same(t, streams.Via(operators.ConcatAll), five)
	same(t, streams.Via(operators.ExhaustAll), five)
	same(t, streams.Via(operators.SwitchAll), five)
	same(t, notifications.Via(operators.Dematerialize), five)

	type stream = observable.Observable[int]
	same(t, streams.FlatMap(4, func(o stream) stream { return o }), five)
	same(t, fluent.From(operators.All(s.Observable(), even)), source.Of(false))
	same(t, fluent.From(operators.Contains(s.Observable(), 3)), source.Of(true))
	same(t, fluent.From(operators.SequenceEqual(s.Observable(), five)), source.Of(true))
}

func TestAStreamIsRunLikeAnObservable(t *testing.T) {
	s := fluent.From(five)
	all := []int{1, 2, 3, 4, 5}

	var got []int
	for v, err := range s.All(t.Context()) {
		require.NoError(t, err)
		got = append(got, v)
	}
	require.Equal(t, all, got)

	got = nil
	require.NoError(t, s.ForEach(t.Context(), func(v int) { got = append(got, v) }))
	require.Equal(t, all, got)

	first, err := s.First(t.Context())
	require.NoError(t, err)
	require.Equal(t, 1, first)
	last, err := s.Last(t.Context())
	require.NoError(t, err)
	require.Equal(t, 5, last)

	got = nil
	for item := range s.Observe(t.Context(), 1) {
		got = append(got, item.Value)
	}
	require.Equal(t, all, got)

	got = nil
	observer := observable.Observer[int]{Next: func(v int) { got = append(got, v) }}
	require.NoError(t, s.Subscribe(t.Context(), observer).Wait())
	require.Equal(t, all, got)
}

func TestTheContractHoldsForAChain(t *testing.T) {
	sums := func(s fluent.Stream[int]) observable.Observable[int] {
		return s.History(3).
			ConcatMap(func(h []int) fluent.Stream[int] { return fluent.From(source.FromSlice(h)) }).
			Merge(source.Empty[int]()).
			Via(operators.DistinctUntilChanged).
			Pairwise().
			Map(func(p [2]int) int { return p[1] - p[0] }).
			Observable()
	}
	for name, src := range map[string]observable.Observable[int]{
		"some items": five,
		"endless":    source.Repeat(7),
		"silent":     source.Never[int](),
		"failing":    source.Throw[int](errOffline),
	} {
		t.Run(name, func(t *testing.T) { observabletest.Check(t, sums(fluent.From(src))) })
	}
}

func TestMistakesPanic(t *testing.T) {
	s := fluent.From(five)
	var none fluent.Stream[int]
	var noInner func(int) fluent.Stream[int]
	var noStage func(fluent.Stream[int]) fluent.Stream[int]
	require.PanicsWithValue(t, "fluent.From: nil source", func() { fluent.From[int](nil) })
	require.PanicsWithValue(t, "fluent.Stream.Via: nil op", func() { s.Via(noStage) })
	for operator, mistake := range map[string]func(){
		"operators.Map":       func() { s.Map[int](nil) },
		"operators.Take":      func() { s.Take(-1) },
		"operators.History":   func() { none.History(1) },
		"operators.ConcatMap": func() { s.ConcatMap(noInner) },
		"operators.Merge":     func() { s.Merge(nil) },
		"operators.Concat":    func() { none.Concat(five) },
	} {
		t.Run(operator, func(t *testing.T) {
			defer func() { require.Contains(t, fmt.Sprint(recover()), operator) }()
			mistake()
			t.Error("no panic")
		})
	}
}
