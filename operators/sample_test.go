package operators_test

import (
	"testing"
	"time"

	"github.com/rivulet-go/rivulet/observabletest"
	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

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
