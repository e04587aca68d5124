package operators_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

func TestExhaustMap(t *testing.T) {
	inner := pictures{"a": "1-1-1|", "b": "2-2|", "e": "|", "f": "3-#", "n": "4-----"}
	for _, c := range []struct{ outer, want string }{
		{"|           ", "|           "},
		{"#           ", "#           "},
		{"------------", "------------"},
		{"-a--b------|", "-1-1-1-----|"},
		{"-a|         ", "-1-1-1|     "},
		{"-a-b---b----", "-1-1-1-2-2--"},
		{"-n--b|      ", "-4----------"},
		{"-eb---------", "--2-2-------"},
		{"-a--#       ", "-1-1#       "},
		{"-ab----f----", "-1-1-1-3-#  "},
	} {
		requireMarbles(t, c.want, operators.ExhaustMap(marbles(c.outer), inner.run))
	}
}

func TestExhaustMapKeepsTheContract(t *testing.T) {
	checkFlattening(t, func(outer numbers, f func(int) numbers) numbers { return operators.ExhaustMap(outer, f) })
}

// What is ignored is ignored at once: it takes no room, so that the source goes on, and is not looked at later.
func TestExhaustMapNeverHoldsItsSourceUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var took time.Duration
		start := time.Now()
		src := operators.Finally(source.Range(0, 10_000), func(error) { took = time.Since(start) })
		calls := 0
		f := func(i int) numbers {
			calls++
			return operators.DelaySubscription(source.Of(i), time.Second)
		}
		got, err := operators.ExhaustMap(src, f).Collect(t.Context())
		require.NoError(t, err)
		require.Equal(t, []int{0}, got)
		require.Equal(t, 1, calls)
		require.Zero(t, took)
	})
}

func TestExhaustAll(t *testing.T) {
	streams := operators.Map(marbles("-a-b---b----"), pictures{"a": "1-1-1|", "b": "2-2|"}.run)
	requireMarbles(t, "-1-1-1-2-2--", operators.ExhaustAll(streams))
}

func TestExhaustMapMisused(t *testing.T) {
	requirePanic(t, "operators.ExhaustMap: nil", func() { operators.ExhaustMap(nil, always(silent)) })
	requirePanic(t, "operators.ExhaustMap: nil", func() { operators.ExhaustMap[int, int](source.Of(1), nil) })
	requirePanic(t, "operators.ExhaustAll: nil", func() { operators.ExhaustAll[int](nil) })
}
