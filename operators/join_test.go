package operators_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

func TestJoin(t *testing.T) {
	pairs := map[rune]string{'A': "ax", 'B': "bx", 'C': "ay", 'D': "by", 'E': "cy"}
	for _, c := range []struct{ a, b, want string }{
		{"-a---------", "---x-------", "---A-------"},
		{"---a-------", "-x---------", "---A-------"},
		{"-a---------", "-----x-----", "-----A-----"}, // an item comes before the end of the window
		{"-a---------", "------x----", "-----------"}, // too late
		{"-a----b----", "---x----y--", "---A--B-D--"},
		{"-ab--------", "---xy------", "---(AB)(CD)------"},
		{"-a|        ", "---x-----y-", "---A-|     "}, // nothing can meet a any more
		{"|          ", "-x---------", "|          "},
		{"---|       ", "-x---------", "---|       "},
		{"-a-------| ", "---x|      ", "---A---|   "},
		{"-a--|      ", "---x|      ", "---A|      "}, // both are complete
		{"-a-#       ", "-----------", "---#       "},
		{"-a---------", "---x-#     ", "---A-#     "},
	} {
		joined := operators.Join(marbles(c.a), marbles(c.b), frames(4), func(a, b string) string { return a + b })
		requirePicture(t, c.want, joined, pairs)
	}
}

func TestJoinKeepsTheContract(t *testing.T) {
	op := func(s ...numbers) observable.Observable[[2]int] {
		return operators.Join(s[0], s[1], time.Second, func(a, b int) [2]int { return [2]int{a, b} })
	}
	checkSources(t, 2, op)
	checkFailures(t, 2, op)
	checkTeardown(t, 2, op)
}

func TestJoinTakesTheWindowInclusive(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := operators.DelaySubscription(source.Of(2), time.Second)
		f := func(a, b int) int { return 10*a + b }
		requireResult(t, operators.Join(source.Of(1), b, time.Second, f), nil, 12)
		requireResult(t, operators.Join(source.Of(1), b, time.Second-1, f), nil)
	})
}

// When the items met counts, not when a slow consumer got to them.
func TestJoinWithASlowConsumer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var got []int
		b := operators.DelaySubscription(ticks(1, 3), time.Millisecond)
		err := operators.Join(ticks(1, 3), b, time.Millisecond, func(a, b int) int { return 10*a + b }).
			ForEach(t.Context(), func(v int) {
				time.Sleep(time.Hour)
				got = append(got, v)
			})
		require.NoError(t, err)
		require.Equal(t, []int{0, 11, 22}, got)
	})
}

// An item that meets many others is as easily canceled as many items.
func TestJoinIsCancelledAmidAMeeting(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		enough := errors.New("enough")
		ctx, cancel := context.WithCancelCause(t.Context())
		b := operators.DelaySubscription(operators.Concat(source.Of(1), silent), time.Second)
		n := 0
		err := operators.Join(source.Range(0, 10_000), b, time.Minute, func(a, _ int) int { return a }).
			ForEach(ctx, func(int) {
				if n++; n == 10 {
					cancel(enough)
				}
			})
		require.Equal(t, enough, err)
		require.Equal(t, 10, n)
	})
}

func TestJoinMisused(t *testing.T) {
	src, f := source.Of(1), add
	requirePanic(t, "operators.Join: nil", func() { operators.Join(nil, src, time.Second, f) })
	requirePanic(t, "operators.Join: nil", func() { operators.Join(src, nil, time.Second, f) })
	requirePanic(t, "operators.Join: nil", func() { operators.Join[int, int, int](src, src, time.Second, nil) })
	requirePanic(t, "operators.Join: window is 0s, it must be positive", func() { operators.Join(src, src, 0, f) })
}
