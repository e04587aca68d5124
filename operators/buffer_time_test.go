package operators_test

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/observabletest"
	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

// requireBuffers compares a stream of slices with a picture, in which a capital letter stands for the slice that the
// legend says: "A=ab B=".
func requireBuffers(t *testing.T, picture, legend string, got observable.Observable[[]string]) {
	t.Helper()
	letters := map[string]string{}
	for entry := range strings.FieldsSeq(legend) {
		letter, items, _ := strings.Cut(entry, "=")
		letters[items] = letter
	}
	requireMarbles(t, picture, operators.Map(got, func(items []string) string {
		require.NotNil(t, items)
		return letters[strings.Join(items, "")]
	}))
}

func TestBufferTime(t *testing.T) {
	for _, c := range []struct{ src, want, legend string }{
		{"-a-b-------c-|", "----A---B---C|", "A=ab B= C=c"},          // no empty one at the end
		{"-a-b-------c-d|", "----A---B---C-(D|)", "A=ab B= C=c D=d"}, // a partial one at the end
		{"-a-b-c-#", "----A--#", "A=ab"},
		{"|", "|", ""},
		{"(ab|)", "(A|)", "A=ab"},
		{"---------", "----A---A", "A="},
	} {
		requireBuffers(t, c.want, c.legend, operators.BufferTime(marbles(c.src), frames(4)))
	}
}

func TestBufferTimeOrCount(t *testing.T) {
	for _, c := range []struct{ src, want, legend string }{
		{"-ab--c-------|", "--A---B---C--|", "A=ab B=c C="}, // the time counts from the one that was full
		{"(abc)------|", "A---B--|", "A=ab B=c"},
		{"(abcde|)", "(ABC|)", "A=ab B=cd C=e"},
		{"(abcd|)", "(AB|)", "A=ab B=cd"},
		{"a-b-c#", "--A--#", "A=ab"},
	} {
		requireBuffers(t, c.want, c.legend, operators.BufferTimeOrCount(marbles(c.src), frames(4), 2))
	}
}

func TestBufferTimeOfABusySource(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		requireResult(t, operators.BufferTime(busy(7), 400*time.Millisecond), nil, []int{1, 2, 3}, []int{4, 5, 6, 7})
	})
}

// Items that keep coming do not keep the timer from being noticed.
func TestBufferTimeOrCountOfABacklog(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var sizes []int
		buffers := operators.BufferTimeOrCount(source.Range(0, 100), 50*time.Millisecond, 40)
		require.NoError(t, buffers.ForEach(t.Context(), func(items []int) {
			sizes = append(sizes, len(items))
			time.Sleep(100 * time.Millisecond)
		}))
		require.Equal(t, 40, sizes[0])
		require.Less(t, sizes[1], 20, "the time was over when the first slice had been used")
	})
}

func TestBufferTimeEmitsNothingWhileItsCancelledSourceTakesItsTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		slow := lingering(time.Minute)
		ctx, cancel := context.WithTimeout(t.Context(), 2500*time.Millisecond)
		defer cancel()
		got, err := operators.BufferTime(slow, time.Second).Collect(ctx)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.Equal(t, [][]int{{}, {}}, got)
	})
}

// Tearing down may take so long that the context is done before the rest can be emitted.
func TestBuffersEmitNothingAfterACancel(t *testing.T) {
	slow := lingering(time.Minute)
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		got, err := operators.BufferWhen(source.Of(1), slow).Collect(ctx)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.Empty(t, got)
	})
}

func TestBufferWhen(t *testing.T) {
	for _, c := range []struct{ src, boundary, want, legend string }{
		{"-a-b-------c-|", "----x---x-----", "----A---B----(C|)", "A=ab B= C=c"},
		{"-a-b-----|", "----x---x-----", "----A---B|", "A=ab B="},
		{"-a-b-------c-|", "----x--|      ", "----A--------(B|)", "A=ab B=c"},
		{"-a-b-------c-|", "----x--#      ", "----A--#", "A=ab"},
		{"-a-b-#", "--x-----------", "--A--#", "A=a"},
		{"|", "-----", "|", ""},
	} {
		requireBuffers(t, c.want, c.legend, operators.BufferWhen(marbles(c.src), marbles(c.boundary)))
	}
}

// What the receiver does to a slice must not change another one.
func TestBuffersBelongToTheReceiver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		got, err := operators.BufferTimeOrCount(source.Range(0, 6), time.Second, 2).Collect(t.Context())
		require.NoError(t, err)
		for i := range got {
			got[i] = append(got[i], -1)
			got[i][0] = -1
		}
		require.Equal(t, [][]int{{-1, 1, -1}, {-1, 3, -1}, {-1, 5, -1}}, got)
	})
}

func TestBuffersByTimeKeepTheContract(t *testing.T) {
	const d = 700 * time.Millisecond
	type buffers = observable.Observable[[]int]
	for name, op := range map[string]func(numbers) buffers{
		"BufferTime":        func(src numbers) buffers { return operators.BufferTime(src, d) },
		"BufferTimeOrCount": func(src numbers) buffers { return operators.BufferTimeOrCount(src, d, 3) },
		"BufferWhen":        func(src numbers) buffers { return operators.BufferWhen(src, source.Interval(d)) },
		"BufferWhen by":     func(src numbers) buffers { return operators.BufferWhen(source.Interval(d), src) },
	} {
		t.Run(name, func(t *testing.T) { checkOperator(t, op, observabletest.Varying()) })
	}
}

func TestBuffersByTimeMisused(t *testing.T) {
	requirePanic(t, "operators.BufferTime: nil", func() { operators.BufferTime[int](nil, 1) })
	requirePanic(t, "operators.BufferTime: d is 0s,", func() { operators.BufferTime(source.Of(1), 0) })
	requirePanic(t, "operators.BufferTimeOrCount: nil", func() { operators.BufferTimeOrCount[int](nil, 1, 1) })
	requirePanic(t, "operators.BufferTimeOrCount: d is 0s,", func() { operators.BufferTimeOrCount(source.Of(1), 0, 1) })
	requirePanic(t, "operators.BufferTimeOrCount: n is 0,", func() { operators.BufferTimeOrCount(source.Of(1), 1, 0) })
	requirePanic(t, "operators.BufferWhen: nil", func() { operators.BufferWhen[int, int](nil, source.Of(1)) })
	requirePanic(t, "operators.BufferWhen: nil", func() { operators.BufferWhen[int, int](source.Of(1), nil) })
}
