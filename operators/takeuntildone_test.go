package operators_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/observabletest"
	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

// untilDone is TakeUntilDone of a context that is done so long after the start of each run.
func untilDone[T any](src observable.Observable[T], after time.Duration) observable.Observable[T] {
	return func(ctx context.Context, emit func(T) bool) error {
		done, end := context.WithTimeoutCause(context.Background(), after, errors.New("shutdown"))
		defer end()
		return operators.TakeUntilDone(src, done)(ctx, emit)
	}
}

// neverDone is TakeUntilDone of a context that is never done.
func neverDone(src numbers) numbers { return operators.TakeUntilDone(src, context.Background()) }

func TestTakeUntilDone(t *testing.T) {
	for _, c := range []struct {
		src   string
		after int // frames
		want  string
	}{
		{"-a-b-c-d-|", 6, "-a-b-c|   "},
		{"-a-b-c-d-|", 99, "-a-b-c-d-|"},
		{"-a-b-#    ", 99, "-a-b-#    "},
		{"-a-b-#    ", 4, "-a-b|     "},
		{"----------", 6, "------|   "},
	} {
		requireMarbles(t, c.want, untilDone(marbles(c.src), time.Duration(c.after)*observabletest.Frame))
	}
}

func TestTakeUntilDoneKeepsTheContract(t *testing.T) {
	checkSynchronous(t, neverDone)
	checkOperator(t, func(src numbers) numbers { return untilDone(src, 1500*time.Millisecond) })
	checkTeardown(t, 1, func(s ...numbers) numbers { return neverDone(s[0]) })
}

// A context that was done before the run: src is not run.
func TestTakeUntilDoneOfAContextThatWasDone(t *testing.T) {
	done, end := context.WithCancel(t.Context())
	end()
	src := func(context.Context, func(int) bool) error { panic("it was run") }
	requireResult(t, operators.TakeUntilDone(numbers(src), done), nil)
}

func TestTakeUntilDoneStopsASourceThatNeverWaits(t *testing.T) {
	done, end := context.WithCancel(t.Context())
	n := 0
	err := operators.TakeUntilDone(numbers(endless), done).ForEach(t.Context(), func(int) {
		if n++; n == 1000 {
			end()
		}
	})
	require.NoError(t, err)
	require.Equal(t, 1000, n, "an item was emitted after the end")
}

// Both contexts end: the run is canceled.
func TestTakeUntilDoneOfTheContextOfTheRun(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	n := 0
	err := operators.TakeUntilDone(numbers(endless), ctx).ForEach(ctx, func(int) {
		if n++; n == 10 {
			cancel(errSource)
		}
	})
	require.Equal(t, errSource, err)
	require.Equal(t, 10, n)
}

func TestTakeUntilDoneReportsASourceThatCannotClose(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		requireResult(t, untilDone(numbers(sticky), time.Second), errClose)
	})
	done, end := context.WithCancel(t.Context())
	src := func(_ context.Context, emit func(int) bool) error { // it stops for emit, not for its context
		for emit(1) {
			end()
		}
		return errClose
	}
	requireResult(t, operators.TakeUntilDone(numbers(src), done), errClose, 1)
}

func TestTakeUntilDoneMisused(t *testing.T) {
	requirePanic(t, "operators.TakeUntilDone: nil", func() { operators.TakeUntilDone[int](nil, context.Background()) })
	requirePanic(t, "operators.TakeUntilDone: nil", func() {
		var none context.Context
		operators.TakeUntilDone(source.Of(1), none)
	})
}
