package operators_test

import (
	"testing"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

func TestSequenceEqual(t *testing.T) {
	answers := map[rune]bool{'T': true, 'F': false}
	for _, c := range []struct{ a, b, want string }{
		{"|         ", "|         ", "(T|)      "},
		{"-a-b-|    ", "--a--b--| ", "--------(T|)"},
		{"-a-b-|    ", "---a---c--", "-------(F|)"},
		{"-a-b-|    ", "---a---|  ", "-------(F|)"}, // b is too short
		{"-a-|      ", "--a--b----", "-----(F|)"},
		{"|         ", "----|     ", "----(T|)  "},
		{"|         ", "----x-----", "----(F|)  "},
		{"-a-b-|    ", "---a------", "----------"},
		{"-a-b-|    ", "---a---#  ", "-------#  "},
		{"-a-#      ", "----------", "---#      "},
		{"----------", "----------", "----------"},
	} {
		requirePicture(t, c.want, operators.SequenceEqual(marbles(c.a), marbles(c.b)), answers)
	}
}

func TestSequenceEqualKeepsTheContract(t *testing.T) {
	op := func(s ...numbers) observable.Observable[bool] { return operators.SequenceEqual(s[0], s[1]) }
	checkSources(t, 2, op)
	checkFailures(t, 2, op)
	checkTeardown(t, 2, op)
}

func TestSequenceEqualMisused(t *testing.T) {
	requirePanic(t, "operators.SequenceEqual: nil", func() { operators.SequenceEqual(nil, source.Of(1)) })
	requirePanic(t, "operators.SequenceEqual: nil", func() { operators.SequenceEqual(source.Of(1), nil) })
}
