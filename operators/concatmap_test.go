package operators_test

import (
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

func TestConcatMap(t *testing.T) {
	inner := pictures{"a": "1-1-1|", "b": "2-2|", "e": "|", "f": "3-#", "n": "4-----"}
	for _, c := range []struct{ outer, want string }{
		{"|            ", "|            "},
		{"#            ", "#            "},
		{"-------------", "-------------"},
		{"-a-------b--|", "-1-1-1---2-2|"},
		{"-ab|         ", "-1-1-12-2|   "},
		{"-ab#         ", "-1-1-12-2#   "}, // src waits while an inner stream runs
		{"-a-f-b       ", "-1-1-13-#    "},
		{"-aeeb--------", "-1-1-12-2----"},
		{"-nb|         ", "-4-----------"},
	} {
		requireMarbles(t, c.want, operators.ConcatMap(marbles(c.outer), inner.run))
	}
}

func TestConcatMapKeepsTheContract(t *testing.T) {
	op := flattening[int](func(outer numbers, f func(int) numbers) numbers { return operators.ConcatMap(outer, f) })
	checkSources(t, 2, op.both)
	checkFailures(t, 1, op.inner)
	checkTeardown(t, 1, op.inner)
	checkAllocating(t, func(src numbers) numbers {
		return op(src, func(i int) numbers { return source.Of(i, -i) })
	})
}

func TestConcatMapRunsOneAfterTheEndOfTheOther(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var d diary
		f := func(i int) numbers { return d.life("ab"[i:i+1], source.Of(i)) }
		require.NoError(t, operators.ConcatMap(source.Range(0, 2), f).ForEach(t.Context(), func(int) {}))
		require.Equal(t, []string{"a begins", "a ends", "b begins", "b ends"}, d.notes)
	})
}

func TestConcatMapStopsWithinAnInnerStream(t *testing.T) {
	calls := 0
	f := func(int) numbers { calls++; return endless }
	got, err := operators.Take(operators.ConcatMap(endless, f), 3).Collect(t.Context())
	require.NoError(t, err)
	require.Equal(t, []int{0, 1, 2}, got)
	require.Equal(t, 1, calls)
}

func TestConcatAll(t *testing.T) {
	streams := operators.Map(marbles("-ab|"), pictures{"a": "1-1-1|", "b": "2-2|"}.run)
	requireMarbles(t, "-1-1-12-2|", operators.ConcatAll(streams))
}

func TestConcatMapMisused(t *testing.T) {
	requirePanic(t, "operators.ConcatMap: nil", func() { operators.ConcatMap(nil, always(silent)) })
	requirePanic(t, "operators.ConcatMap: nil", func() { operators.ConcatMap[int, int](source.Of(1), nil) })
	requirePanic(t, "operators.ConcatAll: nil", func() { operators.ConcatAll[int](nil) })
}

func TestConcatMapOfNilObservables(t *testing.T) {
	run := func(o numbers) func() { return func() { _, _ = o.Collect(t.Context()) } }
	none := func(int) numbers { return nil }
	mapped := operators.ConcatMap(source.Of(1), none)
	require.PanicsWithValue(t, "operators.ConcatMap: f returned a nil Observable", run(mapped))
	flat := operators.ConcatAll(source.Of(numbers(nil)))
	require.PanicsWithValue(t, "operators.ConcatAll: src emitted a nil Observable", run(flat))
	require.NotPanics(t, run(operators.ConcatMap(source.Empty[int](), none)))
}
