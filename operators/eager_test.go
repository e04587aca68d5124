package operators_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

func TestConcatMapEager(t *testing.T) {
	inner := pictures{"a": "1-1-1|", "b": "2-2|", "e": "|", "f": "3-#", "n": "4-----"}
	for _, c := range []struct{ outer, want string }{
		{"|           ", "|           "},
		{"#           ", "#           "},
		{"------------", "------------"},
		{"-a------b--|", "-1-1-1--2-2|"},
		{"-ab--------|", "-1-1-1(22)----|"},
		{"-a|         ", "-1-1-1|     "},
		{"-n|         ", "-4----------"},
		{"-nb--#      ", "-4---#      "},
		{"-af         ", "-1-1#       "},
		{"-eb---------", "--2-2-------"},
		{"-abb--------", "-1-1-1(222)-2---"}, // the second b begins when a has ended
	} {
		requireMarbles(t, c.want, operators.ConcatMapEager(marbles(c.outer), 2, inner.run))
	}
}

func TestConcatMapEagerKeepsTheContract(t *testing.T) {
	checkFlattening(t, func(outer numbers, f func(int) numbers) numbers { return operators.ConcatMapEager(outer, 4, f) })
}

func TestConcatMapEagerKeepsTheOrderOfItsSource(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var running crowd
		f := func(i int) numbers { // the later the quicker
			pause := time.Duration(100-i) * time.Millisecond
			return running.of(operators.DelaySubscription(source.Range(1000*i, 300), pause))
		}
		got, err := operators.ConcatMapEager(source.Range(0, 20), 7, f).Collect(t.Context())
		require.NoError(t, err)
		require.Len(t, got, 20*300)
		require.IsIncreasing(t, got)
		require.EqualValues(t, 7, running.most.Load())
	})
}

func TestConcatMapEagerHoldsStreamsBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		begun, emitted := 0, make([]int, 10)
		src := operators.Map(source.Range(0, 10), func(i int) int { begun++; return i })
		f := func(i int) numbers {
			if i == 0 {
				return silent
			}
			return operators.Map(numbers(endless), func(int) int { emitted[i]++; return i })
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		err := operators.ConcatMapEager(src, 3, f).ForEach(ctx, func(int) {})
		require.Equal(t, context.DeadlineExceeded, err)
		require.Equal(t, 4, begun, "three run and one waits")
		require.Equal(t, []int{0, 129, 129, 0, 0, 0, 0, 0, 0, 0}, emitted, "128 wait, and the stream with one more")
	})
}

// A failure that has happened already is not the result of a run that is canceled before its turn.
func TestConcatMapEagerCancelledBeforeAFailure(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		second := time.Second
		inner := []numbers{
			operators.Concat(source.Of(1), operators.DelaySubscription(source.Of(2, 3), second)),
			operators.DelaySubscription(failing(), second+second/2),
		}
		ctx, cancel := context.WithCancelCause(t.Context())
		enough := errors.New("enough")
		o := operators.ConcatMapEager(source.Of(0, 1), 2, func(i int) numbers { return inner[i] })
		err := o.ForEach(ctx, func(v int) {
			time.Sleep(2 * second)
			if v == 2 {
				cancel(enough)
			}
		})
		require.Equal(t, enough, err)
	})
}

func TestConcatMapEagerMisused(t *testing.T) {
	src, f := source.Of(1), always(silent)
	requirePanic(t, "operators.ConcatMapEager: nil", func() { operators.ConcatMapEager(nil, 1, f) })
	requirePanic(t, "operators.ConcatMapEager: nil", func() { operators.ConcatMapEager[int, int](src, 1, nil) })
	requirePanic(t, "operators.ConcatMapEager: concurrency is 0", func() { operators.ConcatMapEager(src, 0, f) })
}
