package operators_test

import (
	"testing"

	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

func TestWithLatestFrom(t *testing.T) {
	pairs := map[rune]string{'A': "ax", 'B': "bx", 'C': "by", 'D': "cy", 'E': "cx"}
	for _, c := range []struct{ src, other, want string }{
		{"-a-b-c---|", "--x-y-----", "---B-D---|"},
		{"-a-b-c---|", "--x-y-|   ", "---B-D---|"},
		{"-a-b-c---|", "--x-|     ", "---B-E---|"},
		{"-a-b-c---|", "|         ", "---------|"},
		{"-a-b-c---|", "----------", "---------|"},
		{"----------", "--x-y-|   ", "----------"},
		{"-----|    ", "--x-y---y-", "-----|    "},
		{"-a-b-#    ", "--x-------", "---B-#    "},
		{"-a-b------", "--x---#   ", "---B--#   "},
		{"-a--------", "#         ", "#         "},
	} {
		latest := operators.WithLatestFrom(marbles(c.src), marbles(c.other), func(a, b string) string { return a + b })
		requirePicture(t, c.want, latest, pairs)
	}
}

func TestWithLatestFromKeepsTheContract(t *testing.T) {
	op := func(s ...numbers) numbers {
		return operators.WithLatestFrom(s[0], s[1], add)
	}
	checkSources(t, 2, op)
	checkFailures(t, 2, op)
	checkTeardown(t, 2, op)
	checkSynchronous(t, func(src numbers) numbers { return op(src, silent) })
}

func TestWithLatestFromMisused(t *testing.T) {
	src, f := source.Of(1), func(a, _ int) int { return a }
	requirePanic(t, "operators.WithLatestFrom: nil", func() { operators.WithLatestFrom(src, nil, f) })
	requirePanic(t, "operators.WithLatestFrom: nil", func() { operators.WithLatestFrom[int, int, int](src, src, nil) })
}
