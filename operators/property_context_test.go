package operators_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

// usesOfAContext are what a source may do with its context before it does anything else.
var usesOfAContext = map[string]func(context.Context) (context.Context, func()){
	"nothing": func(ctx context.Context) (context.Context, func()) { return ctx, func() {} },
	"Done":    func(ctx context.Context) (context.Context, func()) { ctx.Done(); return ctx, func() {} },
	"Err":     func(ctx context.Context) (context.Context, func()) { _ = ctx.Err(); return ctx, func() {} },
	"derived": func(ctx context.Context) (context.Context, func()) {
		derived, cancel := context.WithCancel(ctx)
		return derived, cancel
	},
	"deadline": func(ctx context.Context) (context.Context, func()) {
		derived, cancel := context.WithTimeout(ctx, 24*time.Hour)
		return derived, cancel
	},
	"AfterFunc": func(ctx context.Context) (context.Context, func()) {
		stop := context.AfterFunc(ctx, func() {})
		return ctx, func() { stop() }
	},
}

// errLate is a failure that comes after a source was canceled, and does not say so.
var errLate = errors.New("failed late")

// endsOfASource are the ways in which a source ends, some items after it has begun.
var endsOfASource = map[string]numbers{
	"completes": source.Empty[int](),
	"fails":     source.Throw[int](errSource),
	"waits":     silent,
	"sticky":    sticky,
	"fails late": func(ctx context.Context, _ func(int) bool) error {
		<-ctx.Done()
		return errLate
	},
	"fails slowly": func(ctx context.Context, _ func(int) bool) error {
		<-ctx.Done()
		time.Sleep(time.Second)
		return errors.Join(context.Cause(ctx), errClose)
	},
}

// user returns a source that uses its context, emits two items some time apart, and then ends.
func user(use func(context.Context) (context.Context, func()), end numbers, begin time.Duration) numbers {
	return func(ctx context.Context, emit func(int) bool) error {
		ctx, finish := use(ctx)
		defer finish()
		for i := range 2 {
			time.Sleep(begin + time.Duration(i)*time.Minute)
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
			if !emit(i) {
				return nil
			}
		}
		time.Sleep(begin)
		return end(ctx, emit)
	}
}

// ofTwo has operators of two streams, and of one that runs with another.
var ofTwo = map[string]func(a, b numbers) anything{
	"Merge":                func(a, b numbers) anything { return erased(operators.Merge(a, b)) },
	"MergeDelayError":      func(a, b numbers) anything { return erased(operators.MergeDelayError(a, b)) },
	"Race":                 func(a, b numbers) anything { return erased(operators.Race(a, b)) },
	"Zip2":                 func(a, b numbers) anything { return erased(operators.Zip2(a, b, add)) },
	"CombineLatest2":       func(a, b numbers) anything { return erased(operators.CombineLatest2(a, b, add)) },
	"WithLatestFrom":       func(a, b numbers) anything { return erased(operators.WithLatestFrom(a, b, add)) },
	"TakeUntil":            func(a, b numbers) anything { return erased(operators.TakeUntil(a, b)) },
	"SkipUntil":            func(a, b numbers) anything { return erased(operators.SkipUntil(a, b)) },
	"Sample":               func(a, b numbers) anything { return erased(operators.Sample(a, b)) },
	"BufferWhen":           func(a, b numbers) anything { return erased(operators.BufferWhen(a, b)) },
	"ForkJoin":             func(a, b numbers) anything { return erased(operators.ForkJoin(a, b)) },
	"Join":                 func(a, b numbers) anything { return erased(operators.Join(a, b, time.Hour, add)) },
	"FlatMap":              func(a, b numbers) anything { return erased(operators.FlatMap(a, 2, always(b))) },
	"SwitchMap":            func(a, b numbers) anything { return erased(operators.SwitchMap(a, always(b))) },
	"ExhaustMap":           func(a, b numbers) anything { return erased(operators.ExhaustMap(a, always(b))) },
	"ConcatMapEager":       func(a, b numbers) anything { return erased(operators.ConcatMapEager(a, 2, always(b))) },
	"ConcatMap":            func(a, b numbers) anything { return erased(operators.ConcatMap(a, always(b))) },
	"Timeout":              func(a, b numbers) anything { return erased(operators.TimeoutWith(a, 30*time.Second, b)) },
	"Catch":                func(a, b numbers) anything { return erased(operators.Catch(a, func(error) numbers { return b })) },
	"ObserveOn of Merge":   func(a, b numbers) anything { return erased(operators.ObserveOn(operators.Merge(a, b), 4)) },
	"Share of Merge":       func(a, b numbers) anything { return erased(operators.Share(operators.Merge(a, b))) },
	"GroupBy of Merge":     func(a, b numbers) anything { return erased(inGroups(operators.Merge(a, b))) },
	"Backpressure":         func(a, b numbers) anything { return erased(operators.OnBackpressureLatest(operators.Merge(a, b))) },
	"TakeUntil of Timeout": func(a, b numbers) anything { return erased(operators.TakeUntil(operators.Timeout(a, time.Hour), b)) },
}

func inGroups(src numbers) numbers {
	groups := operators.GroupBy(src, remainder)
	return operators.FlatMap(groups, math.MaxInt, itemsOf)
}

// outcome returns the result of a run that is stopped after a number of items, or canceled after a time.
func outcome(t *testing.T, o anything, items int, canceled time.Duration) (seen string) {
	synctest.Test(t, func(t *testing.T) {
		enough := errors.New("enough")
		ctx, cancel := context.WithCancelCause(t.Context())
		timer := time.AfterFunc(canceled, func() { cancel(enough) })
		defer timer.Stop()
		n := 0
		err := o(ctx, func(v any) bool {
			seen += fmt.Sprintln(v)
			n++
			return n < items
		})
		seen += fmt.Sprint(err)
	})
	return seen
}

// The result of an operator depends on what its sources return, never on how they use their contexts.
func TestTheUseOfAContextMakesNoDifference(t *testing.T) {
	for _, name := range slices.Sorted(maps.Keys(ofTwo)) {
		t.Run(name, func(t *testing.T) {
			for endA, a := range endsOfASource {
				for endB, b := range endsOfASource {
					for _, items := range []int{1, math.MaxInt} {
						requireSameOutcome(t, ofTwo[name], a, b, items, endA+", "+endB)
					}
				}
			}
		})
	}
}

func requireSameOutcome(t *testing.T, op func(a, b numbers) anything, a, b numbers, items int, what string) {
	const canceled = 10*time.Minute + time.Millisecond
	nothing := usesOfAContext["nothing"]
	want := outcome(t, op(user(nothing, a, 20*time.Second), user(nothing, b, 7*time.Second)), items, canceled)
	for name, use := range usesOfAContext {
		got := outcome(t, op(user(use, a, 20*time.Second), user(use, b, 7*time.Second)), items, canceled)
		require.Equal(t, want, got, "%s, %s, stopped after %d", what, name, items)
	}
}
