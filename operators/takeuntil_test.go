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

func TestTakeUntil(t *testing.T) {
	for _, c := range []struct{ src, notifier, want string }{
		{"-a-b-c-d-|", "------x---", "-a-b-c|   "},
		{"-a-b-c-d-|", "------x-#", "-a-b-c|   "},
		{"-a-b-c-d-|", "------(x#)", "-a-b-c|   "},
		{"-a-b-c-d-|", "------|   ", "-a-b-c-d-|"},
		{"-a-b-c-d-|", "----------", "-a-b-c-d-|"},
		{"-a-b-c-d-|", "------#   ", "-a-b-c#   "},
		{"-a-b-#    ", "------x---", "-a-b-#    "},
		{"-a-b-|    ", "------x---", "-a-b-|    "},
		{"----------", "------x---", "------|   "},
		{"----------", "----------", "----------"},
	} {
		requireMarbles(t, c.want, operators.TakeUntil(marbles(c.src), marbles(c.notifier)))
	}
}

func TestTakeUntilKeepsTheContract(t *testing.T) {
	op := func(s ...numbers) numbers { return operators.TakeUntil(s[0], s[1]) }
	checkSources(t, 2, op)
	checkFailures(t, 1, func(s ...numbers) numbers { return op(s[0], silent) })
	checkTeardown(t, 2, op)
	checkSynchronous(t, func(src numbers) numbers { return op(src, silent) })
}

func TestTakeUntilEndsASourceThatNeverWaits(t *testing.T) {
	reached := make(chan struct{})
	notifier := func(_ context.Context, emit func(int) bool) error {
		<-reached
		emit(1)
		return nil
	}
	n := 0
	err := operators.TakeUntil(numbers(endless), numbers(notifier)).ForEach(t.Context(), func(int) {
		if n++; n == 1000 {
			close(reached)
		}
	})
	require.NoError(t, err)
	require.GreaterOrEqual(t, n, 1000)
}

func TestTakeUntilReportsASourceThatCannotClose(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		requireResult(t, operators.TakeUntil(numbers(sticky), source.Timer(time.Second)), errClose)
	})
}

func TestSkipUntil(t *testing.T) {
	for _, c := range []struct{ src, notifier, want string }{
		{"-a-b-c-d-|", "----x-----", "-----c-d-|"},
		{"-a-b-c-d-|", "----x-#   ", "-----c-d-|"}, // it was canceled
		{"-a-b-c-d-|", "----|     ", "---------|"},
		{"-a-b-c-d-|", "----------", "---------|"},
		{"-a-b-c-d-|", "----#     ", "----#     "},
		{"-a-b-#    ", "--x-------", "---b-#    "},
		{"-a-|      ", "------x---", "---|      "},
		{"----------", "----x-----", "----------"},
	} {
		requireMarbles(t, c.want, operators.SkipUntil(marbles(c.src), marbles(c.notifier)))
	}
}

func TestSkipUntilKeepsTheContract(t *testing.T) {
	op := func(s ...numbers) numbers { return operators.SkipUntil(s[0], s[1]) }
	checkSources(t, 2, op)
	checkFailures(t, 1, func(s ...numbers) numbers { return op(s[0], silent) })
	checkTeardown(t, 2, op)
	checkSynchronous(t, func(src numbers) numbers { return op(src, silent) })
}

func TestTakeUntilAndSkipUntilMisused(t *testing.T) {
	src := source.Of(1)
	requirePanic(t, "operators.TakeUntil: nil", func() { operators.TakeUntil[int, int](nil, src) })
	requirePanic(t, "operators.TakeUntil: nil", func() { operators.TakeUntil[int, int](src, nil) })
	requirePanic(t, "operators.SkipUntil: nil", func() { operators.SkipUntil[int, int](nil, src) })
	requirePanic(t, "operators.SkipUntil: nil", func() { operators.SkipUntil[int, int](src, nil) })
}
