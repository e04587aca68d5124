package operators_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/observabletest"
	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

func TestDebounce(t *testing.T) {
	for src, want := range map[string]string{
		"-a-b--c--------d-|   ": "----------c------(d|)", // what waits comes with the completion
		"-a-b--c--------d-#   ": "----------c------#   ", // and is dropped by a failure
		"-(ab)---------       ": "-----b--------       ",
		"|                    ": "|                    ",
		"(ab|)                ": "(b|)                 ",
		"#                    ": "#                    ",
	} {
		requireMarbles(t, want, operators.Debounce(marbles(src), frames(4)))
	}
}

func TestDebounceOfABusySource(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		// 200 items at once, then none for a second.
		got, err := operators.Take(operators.Debounce(bursts(200), time.Second/2), 3).Collect(t.Context())
		require.NoError(t, err)
		require.Equal(t, []int{200, 400, 600}, got)
	})
}

func TestDebounceKeepsTheContract(t *testing.T) {
	checkOperator(t, func(src numbers) numbers { return operators.Debounce(src, time.Second/2) },
		observabletest.Varying())
}

func TestDebounceMisused(t *testing.T) {
	requirePanic(t, "operators.Debounce: nil", func() { operators.Debounce[int](nil, 1) })
	requirePanic(t, "operators.Debounce: d is 0s,", func() { operators.Debounce(source.Of(1), 0) })
}
