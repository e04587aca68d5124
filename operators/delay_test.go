package operators_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

func TestDelay(t *testing.T) {
	for src, want := range map[string]string{
		"-a-(bc)---d-|": "-----a-(bc)---d-|",
		"|            ": "----|            ", // the completion is shifted too
		"ab#          ": "--#              ", // a failure is not
		"a----b#      ": "----a-#          ",
		"-a-----------": "-----a-----------",
		"(ab|)        ": "----(ab|)        ",
	} {
		requireMarbles(t, want, operators.Delay(marbles(src), frames(4)))
	}
}

func TestDelayOfNoTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		requireResult(t, operators.Delay(source.Of(1, 2, 3), 0), nil, 1, 2, 3)
	})
}

// However soon the failure follows the items, it drops them.
func TestDelayOfAFailure(t *testing.T) {
	for range 200 {
		synctest.Test(t, func(t *testing.T) {
			requireResult(t, operators.Delay(failing(1, 2, 3), time.Second), errSource)
		})
	}
}

// A slow consumer must not add to the delay of what follows.
func TestDelayCountsFromWhenAnItemCame(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		begin := time.Now()
		var at []time.Duration
		err := operators.Delay(after(0, 1, 1, 1), 10*time.Second).ForEach(t.Context(), func(int) {
			at = append(at, time.Since(begin))
			if len(at) == 1 {
				time.Sleep(5 * time.Second / 2)
			}
		})
		require.NoError(t, err)
		require.Equal(t, []time.Duration{10e9, 12.5e9, 12.5e9, 13e9}, at)
		require.Equal(t, 13*time.Second, time.Since(begin))
	})
}

// The number of items on their way is far more than an inbox usually holds.
func TestDelayOfManyItems(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const n = 60_000
		begin := time.Now()
		got, err := operators.Delay(source.Range(0, n), time.Second).Collect(t.Context())
		require.NoError(t, err)
		require.Len(t, got, n)
		require.IsIncreasing(t, got)
		require.Equal(t, time.Second, time.Since(begin))
	})
}

func TestDelayKeepsTheContract(t *testing.T) {
	checkOperator(t, func(src numbers) numbers { return operators.Delay(src, 700*time.Millisecond) })
}

func TestDelayMisused(t *testing.T) {
	requirePanic(t, "operators.Delay: nil", func() { operators.Delay[int](nil, 1) })
	requirePanic(t, "operators.Delay: d is -1ns,", func() { operators.Delay(source.Of(1), -1) })
}
