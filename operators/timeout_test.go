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

func TestTimeout(t *testing.T) {
	for src, want := range map[string]string{
		"-a-b-----c-|": "-a-b---#    ",
		"-a-b-----   ": "-a-b---#    ",
		"-a--b--c--|":  "-a--b--c--|",
		"-----a      ": "----#       ",
		"-a#         ": "-a#         ",
		"|           ": "|           ",
	} {
		requireMarbles(t, want, operators.Timeout(marbles(src), frames(4)))
	}
}

func TestTimeoutFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		got, err := operators.Timeout(after(1, 1, 3), 2*time.Second).Collect(t.Context())
		require.Equal(t, operators.ErrTimeout, err)
		require.Equal(t, []int{1, 1}, got)
	})
}

func TestTimeoutReportsASourceThatFailsToEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, err := operators.Timeout(sticky, time.Second).Collect(t.Context())
		require.ErrorIs(t, err, operators.ErrTimeout)
		require.ErrorIs(t, err, errClose)
		got, err := operators.TimeoutWith(sticky, time.Second, source.Of(7)).Collect(t.Context())
		require.Equal(t, errClose, err)
		require.Equal(t, []int{7}, got)
	})
}

// A slow consumer is not a silent source.
func TestTimeoutDoesNotCountWhatDownstreamTakes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := 0
		err := operators.Timeout(after(0, 1, 1), 2*time.Second).ForEach(t.Context(), func(int) {
			n++
			time.Sleep(time.Minute)
		})
		require.NoError(t, err)
		require.Equal(t, 3, n)
	})
}

func TestTimeoutWith(t *testing.T) {
	for _, c := range []struct{ src, fallback, want string }{
		{"-a-b-----c-|", "x--y|", "-a-b---x--y|"},
		{"-a-b-----c-|", "--#  ", "-a-b-----#  "},
		{"-a-b|       ", "x--y|", "-a-b|       "},
		{"-a-b#       ", "x--y|", "-a-b#       "},
		{"-----       ", "x-------------y|", "----x-------------y|"}, // d is for the source only
	} {
		requireMarbles(t, c.want, operators.TimeoutWith(marbles(c.src), frames(4), marbles(c.fallback)))
	}
}

func TestTimeoutEndsTheSourceBeforeTheFallback(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		running := true
		slow := func(ctx context.Context, _ func(int) bool) error {
			<-ctx.Done()
			time.Sleep(time.Second) // to end takes its time
			running = false
			return context.Cause(ctx)
		}
		fallback := source.Defer(func() observable.Observable[int] {
			require.False(t, running)
			return source.Of(1)
		})
		requireResult(t, operators.TimeoutWith(slow, time.Second, fallback), nil, 1)
	})
}

// The time does not run while downstream is busy, nor when that has said stop and the source takes long to end.
func TestTimeoutIsOverWhenItIsStopped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		slow := func(_ context.Context, emit func(int) bool) error {
			require.False(t, emit(1))
			time.Sleep(time.Minute)
			return errClose
		}
		fallback := func(context.Context, func(int) bool) error { panic("nobody waits for it") }
		requireResult(t, operators.Take(operators.TimeoutWith(slow, time.Second, fallback), 1), errClose, 1)
	})
}

// An item or an end that falls on the instant of the expiry comes either before it, and then the stream goes on, or not at
// all.
func TestTimeoutAtTheInstantOfASignal(t *testing.T) {
	src := operators.Concat(after(2), after(1))
	ending := operators.IgnoreElements(source.Timer(2 * time.Second))
	for range 1000 {
		inBubble(t, func(t *testing.T) {
			got, err := operators.Timeout(src, 2*time.Second).Collect(t.Context())
			if err != nil {
				require.Equal(t, operators.ErrTimeout, err)
				require.Empty(t, got)
			} else {
				require.Len(t, got, 2)
			}
			begin := time.Now()
			if err := operators.Timeout(ending, 2*time.Second).ForEach(t.Context(), func(time.Time) {}); err != nil {
				require.Equal(t, operators.ErrTimeout, err)
			}
			require.Equal(t, 2*time.Second, time.Since(begin))
		})
	}
}

// A source that does not look at its context is waited for, and what it emits too late is dropped.
func TestTimeoutEmitsNothingTooLate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		deaf := func(_ context.Context, emit func(int) bool) error {
			for i := range 3 {
				if !emit(i) {
					return nil
				}
				time.Sleep(time.Minute)
			}
			return nil
		}
		requireResult(t, operators.Timeout(deaf, time.Second), operators.ErrTimeout, 0)
		requireResult(t, operators.TimeoutWith(deaf, time.Second, source.Of(7)), nil, 0, 7)
	})
}

func TestTimeoutKeepsTheContract(t *testing.T) {
	checkSynchronous(t, func(src numbers) numbers { return operators.Timeout(src, 700*time.Millisecond) })
	checkTeardown(t, 1, func(s ...numbers) numbers { return operators.Timeout(s[0], time.Hour) })
	checkOperator(t, func(src numbers) numbers { return operators.Timeout(src, 1300*time.Millisecond) })
	checkOperator(t, func(src numbers) numbers {
		return operators.TimeoutWith(source.Never[int](), 700*time.Millisecond, src)
	})
}

func TestTimeoutMisused(t *testing.T) {
	requirePanic(t, "operators.Timeout: nil", func() { operators.Timeout[int](nil, 1) })
	requirePanic(t, "operators.Timeout: d is 0s,", func() { operators.Timeout(source.Of(1), 0) })
	requirePanic(t, "operators.TimeoutWith: nil", func() { operators.TimeoutWith(source.Of(1), 1, nil) })
	requirePanic(t, "operators.TimeoutWith: d is 0s,", func() { operators.TimeoutWith(source.Of(1), 0, source.Of(1)) })
}
