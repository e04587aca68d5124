package operators_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

func TestSwitchMap(t *testing.T) {
	inner := pictures{"a": "1-1-1-1|", "b": "2-2|", "e": "|", "f": "3-#", "n": "4-----"}
	for _, c := range []struct{ outer, want string }{
		{"|           ", "|           "},
		{"#           ", "#           "},
		{"------------", "------------"},
		{"-a--b------|", "-1-12-2----|"},
		{"-a|         ", "-1-1-1-1|   "},
		{"-n--b|      ", "-4--2-2|    "},
		{"-a--n|      ", "-1-14-------"},
		{"-a--e----b--", "-1-1-----2-2"},
		{"-a--#       ", "-1-1#       "},
		{"-a--f-----  ", "-1-13-#     "},
		{"-f--b--|    ", "-3-#        "},
		{"-fb---|     ", "-32-2-|     "},
	} {
		requireMarbles(t, c.want, operators.SwitchMap(marbles(c.outer), inner.run))
	}
}

func TestSwitchMapKeepsTheContract(t *testing.T) {
	checkFlattening(t, func(outer numbers, f func(int) numbers) numbers { return operators.SwitchMap(outer, f) })
}

func TestSwitchMapRunsOneAfterTheEndOfTheOther(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var d diary
		f := func(i int) numbers { return d.life("abc"[i:i+1], silent) }
		src := operators.Take(source.Interval(time.Minute), 3)
		switched := operators.TakeUntil(operators.SwitchMap(src, f), source.Timer(time.Hour))
		require.NoError(t, switched.ForEach(t.Context(), func(int) {}))
		require.Equal(t, []string{"a begins", "a ends", "b begins", "b ends", "c begins", "c ends"}, d.notes)
	})
}

// However slow the consumer, what waits of the old stream is dropped as soon as the next item has come.
func TestSwitchMapEmitsNothingOfAnOldStream(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		src := operators.Take(source.Interval(3500*time.Millisecond), 2)
		f := func(i int) numbers {
			return operators.Map(source.Range(0, 1000), func(n int) int { return 1000*i + n })
		}
		var got []int
		err := operators.SwitchMap(src, f).ForEach(ctx, func(v int) {
			time.Sleep(time.Second)
			got = append(got, v)
		})
		require.Equal(t, context.DeadlineExceeded, err)
		require.Equal(t, []int{0, 1, 2, 3, 1000, 1001}, got[:6])
	})
}

func TestSwitchMapSkipsWhatIsOvertaken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var calls []int
		src := operators.Concat(source.Of(1), operators.DelaySubscription(source.Of(2, 3, 4), time.Second))
		f := func(i int) numbers { calls = append(calls, i); return source.Of(i) }
		err := operators.SwitchMap(src, f).ForEach(t.Context(), func(int) { time.Sleep(time.Minute) })
		require.NoError(t, err)
		require.Equal(t, []int{1, 4}, calls)
	})
}

// A failure to end cleanly of a stream that was canceled must not wait for the end of an endless source.
func TestSwitchMapFailsWithAStreamThatCannotClose(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := func(i int) numbers { return []numbers{sticky, silent}[i] }
		err := operators.SwitchMap(source.Interval(time.Second), f).ForEach(t.Context(), func(int) {})
		require.Equal(t, errClose, err)
	})
}

func TestSwitchAll(t *testing.T) {
	streams := operators.Map(marbles("-a--b------|"), pictures{"a": "1-1-1-1|", "b": "2-2|"}.run)
	requireMarbles(t, "-1-12-2----|", operators.SwitchAll(streams))
}

func TestSwitchMapMisused(t *testing.T) {
	requirePanic(t, "operators.SwitchMap: nil", func() { operators.SwitchMap(nil, always(silent)) })
	requirePanic(t, "operators.SwitchMap: nil", func() { operators.SwitchMap[int, int](source.Of(1), nil) })
	requirePanic(t, "operators.SwitchAll: nil", func() { operators.SwitchAll[int](nil) })
}
