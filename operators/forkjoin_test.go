package operators_test

import (
	"testing"
	"testing/synctest"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

func TestForkJoin(t *testing.T) {
	last := map[rune][]string{'A': {"b", "z"}}
	for _, c := range []struct{ a, b, want string }{
		{"-a-b-|     ", "x--y-z---| ", "---------(A|)"},
		{"-a-b-------", "x--y-z---| ", "-----------"},
		{"---|       ", "x----------", "---|       "},
		{"-a-b-|     ", "------|    ", "------|    "},
		{"-a-#       ", "-----------", "---#       "},
		{"-a-b-|     ", "x--y---#   ", "-------#   "},
	} {
		requirePicture(t, c.want, operators.ForkJoin(marbles(c.a), marbles(c.b)), last)
	}
}

func TestForkJoinKeepsTheContract(t *testing.T) {
	op := func(sources ...numbers) observable.Observable[[]int] { return operators.ForkJoin(sources...) }
	checkSources(t, 3, op)
	checkFailures(t, 3, op)
	checkTeardown(t, 3, op)
}

func TestForkJoinOfOneOrNone(t *testing.T) {
	requireResult(t, operators.ForkJoin[int](), nil)
	synctest.Test(t, func(t *testing.T) {
		forked := operators.ForkJoin(source.Range(0, 1000))
		requireResult(t, forked, nil, []int{999})
		requireResult(t, forked, nil, []int{999})
	})
}

func TestForkJoinMisused(t *testing.T) {
	requirePanic(t, "operators.ForkJoin: nil", func() { operators.ForkJoin(source.Of(1), nil) })
}
