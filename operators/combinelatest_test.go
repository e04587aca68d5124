package operators_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

func TestCombineLatest2(t *testing.T) {
	pairs := map[rune]string{'A': "ax", 'B': "ay", 'C': "by", 'D': "bx"}
	for _, c := range []struct{ a, b, want string }{
		{"----------", "----------", "----------"},
		{"-a--b-----", "--x-------", "--A-D-----"},
		{"-a---b---|", "--x-y----- ", "--A-BC----"},
		{"-a---b---|", "--x-y-|    ", "--A-BC---|"},
		{"-a-|      ", "--x-y---|  ", "--A-B---|"},
		{"--|       ", "----x-y---", "--|       "}, // a never can emit
		{"----x-y---", "--|       ", "--|       "},
		{"-a-b-|    ", "---------|", "---------|"},
		{"-a-#      ", "----------", "---#      "},
		{"-a---b----", "--x-y--#  ", "--A-BC-#  "},
		{"#         ", "--x-------", "#         "},
	} {
		latest := operators.CombineLatest2(marbles(c.a), marbles(c.b), func(a, b string) string { return a + b })
		requirePicture(t, c.want, latest, pairs)
	}
}

func TestCombineLatestKeepsTheContract(t *testing.T) {
	for n, op := range map[int]combination[int]{
		2: func(s ...numbers) numbers {
			return operators.CombineLatest2(s[0], s[1], add)
		},
		3: func(s ...numbers) numbers {
			return operators.CombineLatest3(s[0], s[1], s[2], func(a, b, c int) int { return a + b + c })
		},
		4: func(s ...numbers) numbers {
			return operators.CombineLatest4(s[0], s[1], s[2], s[3], func(a, b, c, d int) int { return a + b + c + d })
		},
	} {
		checkSources(t, n, op)
		checkFailures(t, n, op)
		checkTeardown(t, n, op)
	}
}

func TestCombineLatestAllKeepsTheContract(t *testing.T) {
	op := func(sources ...numbers) observable.Observable[[]int] { return operators.CombineLatestAll(sources...) }
	checkSources(t, 3, op)
	checkFailures(t, 3, op)
	checkTeardown(t, 3, op)
}

func TestCombineLatestOfMoreSources(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		type row struct {
			n    int
			word string
			flag bool
			last time.Duration
		}
		n := operators.DelaySubscription(source.Interval(time.Second), 5*time.Second+time.Millisecond)
		word := operators.Map(ticks(1, 3), func(i int) string { return "abc"[i : i+1] })
		flag := operators.DelaySubscription(source.Of(true), 4500*time.Millisecond)
		three := func(n int, word string, flag bool) row { return row{n, word, flag, 0} }
		requireResult(t, operators.Take(operators.CombineLatest3(n, word, flag, three), 2), nil,
			row{0, "c", true, 0}, row{1, "c", true, 0})
		last := operators.DelaySubscription(source.Of(time.Second, time.Minute), 10*time.Second)
		four := func(n int, word string, flag bool, last time.Duration) row { return row{n, word, flag, last} }
		requireResult(t, operators.Take(operators.CombineLatest4(n, word, flag, last, four), 3), nil,
			row{3, "c", true, time.Second}, row{3, "c", true, time.Minute}, row{4, "c", true, time.Minute})
	})
}

// However slow the consumer, every item makes a combination, in the order in which they came.
func TestCombineLatestKeepsTheOrderOfArrival(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		later := operators.DelaySubscription(ticks(1, 4), time.Millisecond)
		var got []int
		f := func(a, b int) int { return 10*a + b }
		err := operators.CombineLatest2(ticks(1, 4), later, f).ForEach(t.Context(), func(v int) {
			time.Sleep(time.Minute)
			got = append(got, v)
		})
		require.NoError(t, err)
		require.Equal(t, []int{0, 10, 11, 21, 22, 32, 33}, got)
	})
}

func TestCombineLatestAllEmitsSlicesToKeep(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		later := operators.DelaySubscription(ticks(1, 2), time.Millisecond)
		requireResult(t, operators.CombineLatestAll(ticks(1, 2), later), nil, []int{0, 0}, []int{1, 0}, []int{1, 1})
	})
	requireResult(t, operators.CombineLatestAll[int](), nil)
}

func TestCombineLatestMisused(t *testing.T) {
	src := source.Of(1)
	for name, build := range map[string]func(){
		"CombineLatest2":   func() { operators.CombineLatest2[int, int, int](src, src, nil) },
		"CombineLatest3":   func() { operators.CombineLatest3[int, int, int, int](src, src, src, nil) },
		"CombineLatest4":   func() { operators.CombineLatest4[int, int, int, int, int](src, src, src, src, nil) },
		"CombineLatestAll": func() { operators.CombineLatestAll(src, nil) },
	} {
		requirePanic(t, "operators."+name+": nil", build)
	}
	last := func(_, _, c int) int { return c }
	requirePanic(t, "operators.CombineLatest3: nil", func() { operators.CombineLatest3(src, src, nil, last) })
}
