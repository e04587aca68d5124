package operators_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

func TestFlatMap(t *testing.T) {
	inner := pictures{"a": "1-1-1|", "b": "2-2|", "d": "1----|", "e": "|", "f": "3-#", "n": "4-----"}
	for _, c := range []struct{ outer, want string }{
		{"|           ", "|           "},
		{"#           ", "#           "},
		{"------------", "------------"},
		{"-a----b----|", "-1-1-12-2--|"},
		{"-a|         ", "-1-1-1|     "},
		{"-ab---------", "-12121------"},
		{"-ab----#    ", "-12121-#    "},
		{"-a--f-------", "-1-131#     "},
		{"-ae----e|   ", "-1-1-1--|   "},
		{"-n-|        ", "-4----------"},
		{"-n-b----b---", "-4-2-2--2-2-"},
		{"-ddb--------", "-11---2-2---"}, // b waits until one of the two before it has ended
	} {
		requireMarbles(t, c.want, operators.FlatMap(marbles(c.outer), 2, inner.run))
	}
}

func TestFlatMapKeepsTheContract(t *testing.T) {
	checkFlattening(t, func(outer numbers, f func(int) numbers) numbers { return operators.FlatMap(outer, 4, f) })
}

func TestFlatMapRunsAsManyAsItMay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var running crowd
		start := time.Now()
		second := operators.Map(source.Timer(time.Second), func(time.Time) int { return 1 })
		f := func(int) numbers { return running.of(second) }
		n, err := operators.Count(operators.FlatMap(source.Range(0, 12), 3, f)).First(t.Context())
		require.NoError(t, err)
		require.EqualValues(t, 12, n)
		require.EqualValues(t, 3, running.most.Load())
		require.Equal(t, 4*time.Second, time.Since(start))
	})
}

func TestFlatMapHoldsItsSourceBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		begun := 0
		src := operators.Map(source.Range(0, 100), func(i int) int { begun++; return i })
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		err := operators.FlatMap(src, 3, always(silent)).ForEach(ctx, func(int) {})
		require.Equal(t, context.Canceled, err)
		require.Equal(t, 4, begun, "three run and one waits")
	})
}

func TestFlatMapOfOneAtATimeIsConcatMap(t *testing.T) {
	inner := pictures{"a": "1-1-1|", "b": "2-2|"}
	requireMarbles(t, "-1-1-12-2|", operators.FlatMap(marbles("-ab|"), 1, inner.run))
	op := func(src numbers) numbers {
		return operators.FlatMap(src, 1, func(i int) numbers { return source.Of(i, -i) })
	}
	checkAllocating(t, op)
}

func TestMergeAll(t *testing.T) {
	streams := operators.Map(marbles("-a----b----|"), pictures{"a": "1-1-1|", "b": "2-2|"}.run)
	requireMarbles(t, "-1-1-12-2--|", operators.MergeAll(streams, 2))
}

func TestFlatMapMisused(t *testing.T) {
	src, f := source.Of(1), always(silent)
	requirePanic(t, "operators.FlatMap: nil", func() { operators.FlatMap(nil, 1, f) })
	requirePanic(t, "operators.FlatMap: nil", func() { operators.FlatMap[int, int](src, 1, nil) })
	requirePanic(t, "operators.FlatMap: concurrency is 0", func() { operators.FlatMap(src, 0, f) })
	requirePanic(t, "operators.MergeAll: nil", func() { operators.MergeAll[int](nil, 1) })
	streams := source.Of(observable.Observable[int](silent))
	requirePanic(t, "operators.MergeAll: concurrency is -1", func() { operators.MergeAll(streams, -1) })
}
