package operators_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/observabletest"
	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

// marbles draws a source of strings.
func marbles(picture string) observable.Observable[string] {
	return observabletest.Marbles[string](picture, nil)
}

// requireMarbles compares a stream of strings with a picture.
func requireMarbles(t *testing.T, picture string, got observable.Observable[string]) {
	t.Helper()
	require.True(t, t.Run(picture, func(t *testing.T) { _ = observabletest.ExpectMarbles(t, picture, got, nil) }))
}

// frames returns how long this many places of a picture last.
func frames(n int) time.Duration { return time.Duration(n) * observabletest.Frame }

// busy emits 1 to n, ten of them a second, each half-way between two tenths.
func busy(n int) numbers {
	tenths := operators.Take(operators.Map(source.Interval(time.Second/10), func(i int) int { return i + 1 }), n)
	return operators.Delay(tenths, time.Second/20)
}

func TestSample(t *testing.T) {
	for _, c := range []struct{ src, notifier, want string }{
		{"-a-b-----c-d-|", "----x--x--x---", "----b-----c--|"},
		{"-a-b-|        ", "--------------", "-----|        "},
		{"-a-b-#        ", "--x-----------", "--a--#        "},
		{"-a-b-----c-d-|", "--x-|         ", "--a----------|"},
		{"-a-b-----c-d-|", "--x-#         ", "--a-#         "},
		{"--------------", "--x---x-------", "--------------"},
	} {
		requireMarbles(t, c.want, operators.Sample(marbles(c.src), marbles(c.notifier)))
	}
}

func TestSampleKeepsTheContract(t *testing.T) {
	half := source.Interval(time.Second / 2)
	checkOperator(t, func(src numbers) numbers { return operators.Sample(src, half) }, observabletest.Varying())
}

func TestSampleMisused(t *testing.T) {
	requirePanic(t, "operators.Sample: nil", func() { operators.Sample[int, int](nil, source.Of(1)) })
	requirePanic(t, "operators.Sample: nil", func() { operators.Sample[int, int](source.Of(1), nil) })
}
