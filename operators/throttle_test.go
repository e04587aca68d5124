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

func TestThrottleFirst(t *testing.T) {
	for src, want := range map[string]string{
		"-a-xy-----b--x--cxxx-|":     "-a--------b-----c----|",
		"abcdefabcdefabcdefabcdefa|": "a----f----e----d----c----|",
		"-a-|":                       "-a-|",
		"-a-#":                       "-a-#",
		"(ab|)":                      "(a|)",
		"-a--------":                 "-a--------",
		"|":                          "|",
		"#":                          "#",
	} {
		requireMarbles(t, want, operators.ThrottleFirst(marbles(src), frames(4)))
	}
}

func TestThrottleFirstCountsFromWhenDownstreamIsDone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var got []int
		err := operators.ThrottleFirst(source.Range(0, 4), time.Second).ForEach(t.Context(), func(v int) {
			got = append(got, v)
			time.Sleep(time.Minute)
		})
		require.NoError(t, err)
		require.Equal(t, []int{0}, got)
	})
}

func TestThrottleFirstOfNoTime(t *testing.T) {
	requireResult(t, operators.ThrottleFirst(source.Of(1, 2, 3), 0), nil, 1, 2, 3)
}

func TestThrottleLatest(t *testing.T) {
	for src, want := range map[string]string{
		"-a-xy-----b--x--cxxx--|": "-a---y----b---x---x---(x|)",
		"-a-bc-----d--e--fgh-|":   "-a---c----d---e---h-|",
		"abcdefabcdefabcdefabcd|": "a---e---c---a---e---c---(d|)",
		"-a----b----c----d-|":     "-a----b----c----d-|", // each comes when none was emitted for 4 frames
		"-(abc)--------d--|":      "-a---c----d--|",
		"-a-b|":                   "-a---(b|)", // what waits is emitted at its time
		"-a-b#":                   "-a--#",
		"-a---|":                  "-a---|",
		"-a-b---":                 "-a---b-",
		"|":                       "|",
		"#":                       "#",
	} {
		requireMarbles(t, want, operators.ThrottleLatest(marbles(src), frames(4)))
	}
}

func TestThrottleLatestCountsFromWhenDownstreamIsDone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		recorder := observabletest.NewRecorder[int]()
		next := recorder.Observer().Next
		throttled := operators.ThrottleLatest(operators.Take(source.Interval(time.Second), 12), 5*time.Second)
		require.NoError(t, throttled.ForEach(t.Context(), func(v int) {
			next(v)
			time.Sleep(2 * time.Second)
		}))
		require.Equal(t, []observabletest.Note[int]{
			{At: 1 * time.Second, Value: 0},
			{At: 8 * time.Second, Value: 6},
			{At: 15 * time.Second, Value: 11},
		}, recorder.Notes())
	})
}

func TestThrottleLatestOfABusySource(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		got, err := operators.Take(operators.ThrottleLatest(bursts(200), time.Second/2), 4).Collect(t.Context())
		require.NoError(t, err)
		require.Equal(t, []int{1, 200, 201, 400}, got)
	})
}

func TestThrottleLast(t *testing.T) {
	for src, want := range map[string]string{
		"-a-b-----c-d-|": "----b-------d|", // it looks at 4, 8 and 12
		"-a-b-----c-d-#": "----b-------d#",
		"-a-b-|        ": "----b|        ",
		"-a-|          ": "---|          ", // what came after the last look is not emitted
		"--------------": "--------------",
	} {
		requireMarbles(t, want, operators.ThrottleLast(marbles(src), frames(4)))
	}
}

func TestThrottleLastOfABusySource(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		requireResult(t, operators.ThrottleLast(busy(25), time.Second), nil, 9, 19)
	})
}

func TestThrottleKeepsTheContract(t *testing.T) {
	t.Run("ThrottleFirst", func(t *testing.T) {
		op := func(src numbers) numbers { return operators.ThrottleFirst(src, 1500*time.Millisecond) }
		checkOperator(t, op)
		checkStop(t, op)
		checkEndless(t, op)
		checkAllocations(t, op)
	})
	t.Run("ThrottleLatest", func(t *testing.T) {
		checkOperator(t, func(src numbers) numbers { return operators.ThrottleLatest(src, 1500*time.Millisecond) },
			observabletest.Varying())
	})
	t.Run("ThrottleLast", func(t *testing.T) {
		checkOperator(t, func(src numbers) numbers { return operators.ThrottleLast(src, 1500*time.Millisecond) },
			observabletest.Varying())
	})
}

func TestThrottleMisused(t *testing.T) {
	requirePanic(t, "operators.ThrottleFirst: nil", func() { operators.ThrottleFirst[int](nil, 1) })
	requirePanic(t, "operators.ThrottleFirst: d is -1ns,", func() { operators.ThrottleFirst(source.Of(1), -1) })
	requirePanic(t, "operators.ThrottleLatest: nil", func() { operators.ThrottleLatest[int](nil, 1) })
	requirePanic(t, "operators.ThrottleLatest: d is 0s,", func() { operators.ThrottleLatest(source.Of(1), 0) })
	requirePanic(t, "operators.ThrottleLast: nil", func() { operators.ThrottleLast[int](nil, 1) })
	requirePanic(t, "operators.ThrottleLast: d is 0s,", func() { operators.ThrottleLast(source.Of(1), 0) })
}
