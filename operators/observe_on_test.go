package operators_test

import (
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

func TestObserveOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		requireResult(t, operators.ObserveOn(source.Of(1, 2, 3), 2), nil, 1, 2, 3)
		requireResult(t, operators.ObserveOn(failing(1, 2, 3), 2), errSource, 1, 2, 3)
	})
}

func TestObserveOnLetsTheSourceRunAhead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var made atomic.Int64
		src := operators.Map(source.Range(1, 100), func(i int) int { made.Add(1); return i })
		err := operators.ObserveOn(src, 3)(t.Context(), func(int) bool {
			synctest.Wait()
			return false
		})
		require.NoError(t, err)
		require.GreaterOrEqual(t, made.Load(), int64(1+3))
		require.LessOrEqual(t, made.Load(), int64(2*(3+1)), "3 wait and one waits to be let in; as many were fetched")
	})
}

func TestSubscribeOnRunsTheSourceElsewhereButInStep(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		made := 0 // without a lock: made and read are never at the same time
		src := operators.Map(source.Range(1, 100), func(i int) int { made = i; return i })
		err := operators.SubscribeOn(src)(t.Context(), func(i int) bool {
			synctest.Wait()
			require.Equal(t, i, made)
			return i < 5
		})
		require.NoError(t, err)
		require.Equal(t, 5, made)
	})
}

func TestObserveOnKeepsTheContract(t *testing.T) {
	t.Run("ObserveOn", func(t *testing.T) {
		checkOperator(t, func(src numbers) numbers { return operators.ObserveOn(src, 16) })
	})
	t.Run("SubscribeOn", func(t *testing.T) { checkAllocating(t, operators.SubscribeOn[int]) })
}

func TestObserveOnMisused(t *testing.T) {
	requirePanic(t, "operators.ObserveOn: nil", func() { operators.ObserveOn[int](nil, 1) })
	requirePanic(t, "operators.ObserveOn: capacity is 0,", func() { operators.ObserveOn(source.Of(1), 0) })
	requirePanic(t, "operators.SubscribeOn: nil", func() { operators.SubscribeOn[int](nil) })
}
