package operators_test

import (
	"context"
	"runtime"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

// The functions that an operator is given run on the goroutine that runs the operator, as downstream does: under
// the race detector they may share a plain variable.
func TestFunctionsOfConcurrentOperatorsNeedNoLock(t *testing.T) {
	calls := 0
	one := func(v int) numbers { calls++; return source.Range(v, 3) }
	two := func(a, b int) int { calls++; return a + b }
	a, b := source.Range(0, 1000), source.Range(1000, 1000)
	for name, o := range map[string]numbers{
		"FlatMap":        operators.FlatMap(a, 4, one),
		"SwitchMap":      operators.SwitchMap(a, one),
		"ExhaustMap":     operators.ExhaustMap(a, one),
		"ConcatMapEager": operators.ConcatMapEager(a, 4, one),
		"Zip2":           operators.Zip2(a, b, two),
		"CombineLatest2": operators.CombineLatest2(a, b, two),
		"WithLatestFrom": operators.WithLatestFrom(operators.DelaySubscription(a, time.Second), b, two),
		"Join":           operators.Join(a, b, time.Second, two),
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				calls = 0
				require.NoError(t, o.ForEach(t.Context(), func(int) { calls++ }))
				require.Greater(t, calls, 1)
			})
		})
	}
}

// A panic of a function that the user gave is not recovered, but what runs is ended before it goes on.
func TestAPanicLeavesNoGoroutine(t *testing.T) {
	oops := func(int) numbers { panic("oops") }
	for name, o := range map[string]numbers{
		"FlatMap":        operators.FlatMap(numbers(endless), 4, oops),
		"SwitchMap":      operators.SwitchMap(numbers(endless), oops),
		"ConcatMapEager": operators.ConcatMapEager(numbers(endless), 4, oops),
		"Zip2":           operators.Zip2(numbers(endless), numbers(endless), func(int, int) int { panic("oops") }),
		"TakeUntil":      operators.TakeUntil(operators.ConcatMap(numbers(endless), oops), numbers(silent)),
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				require.PanicsWithValue(t, "oops", func() { _ = o.ForEach(t.Context(), func(int) {}) })
			})
		})
	}
}

// A source that ends its goroutine, as the FailNow of a test does, fails instead of being waited for.
func TestASourceThatExitsFails(t *testing.T) {
	exits := numbers(func(context.Context, func(int) bool) error {
		runtime.Goexit()
		return nil
	})
	for name, o := range map[string]numbers{
		"Merge":                operators.Merge(exits, numbers(silent)),
		"Zip2":                 operators.Zip2(exits, numbers(silent), add),
		"OnBackpressureLatest": operators.OnBackpressureLatest(exits),
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				require.ErrorContains(t, o.ForEach(t.Context(), func(int) {}), "Goexit")
			})
		})
	}
}
