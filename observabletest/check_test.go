package observabletest

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"math"
	"math/rand/v2"
	"reflect"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

type ints = observable.Observable[int]

// numbers are 1 to n; endless when n is 0.
func numbers(n int) iter.Seq[int] {
	return func(yield func(int) bool) {
		for i := 1; (n == 0 || i <= n) && yield(i); i++ {
		}
	}
}

func wait(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// ticks are three items, a second apart.
func ticks(ctx context.Context, emit func(int) bool) error {
	for i := range 3 {
		if err := wait(ctx, time.Second); err != nil {
			return err
		}
		if !emit(i) {
			return nil
		}
	}
	return nil
}

func silent[T any](ctx context.Context, _ func(T) bool) error {
	<-ctx.Done()
	return context.Cause(ctx)
}

func failing(ctx context.Context, _ func(int) bool) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return errors.New("broken")
}

// handedOver runs src in a goroutine and hands its items over.
func handedOver(src ints) ints {
	return func(ctx context.Context, emit func(int) bool) error {
		ctx, cancel := context.WithCancelCause(ctx)
		defer cancel(nil)
		items := make(chan int)
		var failure error
		go func() {
			defer close(items)
			failure = src(ctx, func(v int) bool {
				select {
				case items <- v:
					return true
				case <-ctx.Done():
					return false
				}
			})
		}()
		stopped := false
		for v := range items {
			if !stopped && ctx.Err() == nil && !emit(v) {
				stopped = true
				cancel(nil)
			}
		}
		if stopped {
			return nil
		}
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		return failure
	}
}

func TestCheckAcceptsWhatKeepsTheContract(t *testing.T) {
	for name, o := range map[string]ints{
		"values":      source.Of(1, 2, 3),
		"empty":       source.Of[int](),
		"endless":     source.FromSeq(numbers(0)),
		"no item":     operators.Filter(source.FromSeq(numbers(0)), func(int) bool { return false }),
		"no more":     operators.Filter(source.FromSeq(numbers(0)), func(v int) bool { return v < 5 }),
		"waiting":     ticks,
		"silent":      silent[int],
		"failing":     failing,
		"fails late":  operators.Concat[int](ticks, failing),
		"hangs late":  operators.Concat[int](source.Of(1, 2), silent[int]),
		"handed over": handedOver(source.FromSeq(numbers(0))),
		"mapped":      operators.Map(handedOver(ticks), func(v int) int { return -v }),
		"scanned":     operators.Scan(source.Of(1, 2, 3), 0, func(acc, v int) int { return acc + v }),
		"taken":       operators.Take(source.FromSeq(numbers(0)), 5),
	} {
		t.Run(name, func(t *testing.T) { Check(t, o) })
	}
}

// A canceled run may return the errors of its cleanup with the cause.
func TestCheckAcceptsACleanupThatFails(t *testing.T) {
	cleanup := errors.New("broken cleanup")
	for name, join := range map[string]func(error) error{
		"joined":       func(err error) error { return errors.Join(err, cleanup) },
		"joined first": func(err error) error { return errors.Join(cleanup, err) },
		"joined twice": func(err error) error { return errors.Join(errors.Join(err, cleanup), cleanup) },
	} {
		t.Run(name, func(t *testing.T) {
			Check(t, ints(func(ctx context.Context, emit func(int) bool) error {
				err := ints(ticks)(ctx, emit)
				if err != nil {
					return join(err)
				}
				return nil
			}))
		})
	}
}

// Where two runs differ, the message names the usual reasons.
func TestCheckNamesReasonsForADifference(t *testing.T) {
	tick := func() ints { return operators.Map(source.Interval(time.Second), func(int) int { return rand.Int() }) }
	how := fmt.Sprint(violations(t, operators.Take(operators.Merge(tick(), tick()), 6)))
	require.Contains(t, how, "If the stream is hot, use Varying.")
	require.Contains(t, how, "events happen at the same instant")
	require.Contains(t, how, "use AnyOrder or Varying, or different times")
}

func TestCheckInRealTime(t *testing.T) {
	brief := func(c *config) { c.world.observation = 10 * time.Millisecond }
	Check(t, handedOver(source.FromSeq(numbers(0))), RealTime(), brief)
	Check(t, operators.Concat[int](source.Of(1), silent[int]), RealTime(), brief)
}

func TestCheckInABubble(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { Check[int](t, ticks) })
}

func TestCheckWithOptions(t *testing.T) {
	chance := source.FromSeq(func(yield func(int) bool) {
		for yield(rand.Int()) {
		}
	})
	shuffled := source.FromSeq(func(yield func(int) bool) {
		for _, i := range rand.Perm(50) {
			if !yield(i) {
				return
			}
		}
	})
	require.NotEmpty(t, violations(t, chance))
	require.Empty(t, violations(t, chance, Varying()))
	require.NotEmpty(t, violations(t, shuffled))
	require.Empty(t, violations(t, shuffled, AnyOrder()))
	require.NotEmpty(t, violations(t, operators.Take(chance, 3), AnyOrder()))
	require.PanicsWithValue(t, "observabletest.Items: n is 0, it must be positive", func() { Items(0) })
}

func TestCheckLooksAtSoManyItems(t *testing.T) {
	var longest atomic.Int64
	o := operators.Map(source.FromSeq(numbers(0)), func(v int) int {
		longest.Store(max(longest.Load(), int64(v)))
		return v
	})
	require.Empty(t, violations(t, o, Items(5)))
	require.EqualValues(t, 5, longest.Load())
}

func TestCheckDoesNotCompareWhatHasAnIdentity(t *testing.T) {
	type list struct{ Next *list }
	for _, c := range []struct {
		identity bool
		value    any
	}{
		{true, ticks}, {true, make(chan int)}, {true, []ints{}}, {true, map[string]ints{}}, {true, struct{ o *ints }{}},
		{false, 1}, {false, ""}, {false, []string{}}, {false, time.Time{}}, {false, list{}}, {false, [1]*list{}},
	} {
		require.Equal(t, c.identity, holdsIdentity(reflect.TypeOf(c.value), map[reflect.Type]bool{}), "%T", c.value)
	}
	Check(t, operators.Map(source.Of(1, 2), func(v int) ints { return source.Of(v) }))
}

// broken are Observables that break one rule each, at least.
var broken = []struct {
	name string
	rule rule
	how  string
	make func() ints
}{
	{"keeps state between runs", lazyAndCold, "item 1 is 4, that of another run 1", func() ints {
		n := 0
		var mu sync.Mutex
		return func(ctx context.Context, emit func(int) bool) error {
			for range 3 {
				mu.Lock()
				n++
				v := n
				mu.Unlock()
				if ctx.Err() != nil {
					return context.Cause(ctx)
				}
				if !emit(v) {
					return nil
				}
			}
			return nil
		}
	}},
	{"shares state between concurrent runs", lazyAndCold, "run twice concurrently: ", func() ints {
		var n atomic.Int32
		return func(ctx context.Context, emit func(int) bool) error {
			for n.Store(1); n.Load() < 20; n.Add(1) {
				if ctx.Err() != nil {
					return context.Cause(ctx)
				}
				if !emit(int(n.Load())) {
					return nil
				}
			}
			return nil
		}
	}},
	{"is used up", lazyAndCold, "it emitted 0 items, another run 3", func() ints {
		var n atomic.Int32
		return func(ctx context.Context, emit func(int) bool) error {
			for ctx.Err() == nil {
				if v := int(n.Add(1)); v > 3 || !emit(v) {
					return nil
				}
			}
			return context.Cause(ctx)
		}
	}},
	{"runs before it is called", lazyAndCold, "another run 3", func() ints {
		items := make(chan int, 3)
		for i := range 3 {
			items <- i
		}
		close(items)
		return func(ctx context.Context, emit func(int) bool) error {
			for v := range items {
				if ctx.Err() != nil || !emit(v) {
					return context.Cause(ctx)
				}
			}
			return nil
		}
	}},
	{"ends only once", lazyAndCold, "it ended by itself: false, another run: true", func() ints {
		var once atomic.Bool
		return func(ctx context.Context, emit func(int) bool) error {
			if once.Swap(true) {
				return silent(ctx, emit)
			}
			return source.Of(1, 2)(ctx, emit)
		}
	}},
	{"ends differently", lazyAndCold, "it returned the error <nil>, another run broken", func() ints {
		var once sync.Once
		return func(ctx context.Context, emit func(int) bool) (err error) {
			once.Do(func() { err = errors.New("broken") })
			return err
		}
	}},
	{"emits on another goroutine", serial, "emit was called on another goroutine", func() ints {
		return func(ctx context.Context, emit func(int) bool) error {
			var all sync.WaitGroup
			all.Go(func() { _ = source.Of(1, 2, 3)(ctx, emit) })
			all.Wait()
			return context.Cause(ctx)
		}
	}},
	{"emits one of many items on another goroutine", serial, "emit was called on another goroutine", func() ints {
		return func(ctx context.Context, emit func(int) bool) error {
			return source.FromSeq(numbers(50))(ctx, func(v int) (goOn bool) {
				if v != 40 {
					return emit(v)
				}
				var all sync.WaitGroup
				all.Go(func() { goOn = emit(v) })
				all.Wait()
				return goOn
			})
		}
	}},
	{"emits overlapping items", serial, "emit was called on another goroutine", func() ints {
		return func(ctx context.Context, emit func(int) bool) error {
			var all sync.WaitGroup
			for range 2 {
				all.Go(func() { _ = source.Of(1, 2, 3)(ctx, emit) })
			}
			all.Wait()
			return context.Cause(ctx)
		}
	}},
	{"emits after the return", serial, "after the run had returned", func() ints {
		return func(ctx context.Context, emit func(int) bool) error {
			time.AfterFunc(time.Second, func() { emit(1) })
			return context.Cause(ctx)
		}
	}},
	{"emits after a stop", stopping, "item 2 (2) was emitted after emit had returned false", func() ints {
		return func(ctx context.Context, emit func(int) bool) error {
			return source.Of(1, 2, 3)(ctx, func(v int) bool { emit(v); return true })
		}
	}},
	{"continues indefinitely after a stop", stopping, "item 65 (65) was emitted after emit had returned false", func() ints {
		return func(ctx context.Context, emit func(int) bool) error {
			return source.FromSeq(numbers(0))(ctx, func(v int) bool { emit(v); return true })
		}
	}},
	{"emits a final item after a stop", stopping, "after emit had returned false", func() ints {
		return func(ctx context.Context, emit func(int) bool) error {
			err := source.Of(1, 2)(ctx, emit)
			if err == nil {
				emit(3)
			}
			return err
		}
	}},
	{"fails after a stop", stopping, `it returned the error "stopped", not nil`, func() ints {
		return func(ctx context.Context, emit func(int) bool) error {
			stopped := false
			err := source.Of(1, 2)(ctx, func(v int) bool { stopped = !emit(v); return !stopped })
			if stopped {
				return errors.New("stopped")
			}
			return err
		}
	}},
	{"stops only at the next item", stopping, "it returned only 1s after the stop or cancel", func() ints {
		return func(ctx context.Context, emit func(int) bool) error {
			stopped := false
			return ints(ticks)(ctx, func(v int) bool {
				goOn := !stopped
				stopped = stopped || !emit(v)
				return goOn
			})
		}
	}},
	{"hangs after a stop", stopping, "it had not returned 1m0s after the stop or cancel", func() ints {
		return func(ctx context.Context, emit func(int) bool) error {
			stopped := false
			err := source.Of(1, 2)(ctx, func(v int) bool { stopped = !emit(v); return !stopped })
			if stopped {
				select {}
			}
			return err
		}
	}},
	{"hangs after a stop until it is canceled", stopping, "it had not returned 1m0s after the stop or cancel", func() ints {
		return func(ctx context.Context, emit func(int) bool) error {
			err := source.Of(1, 2)(ctx, emit)
			<-ctx.Done()
			return err
		}
	}},
	{"ignores cancel while it emits", canceling, "more than 256 items", func() ints {
		return func(ctx context.Context, emit func(int) bool) error {
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
			return source.FromSeq(numbers(0))(context.WithoutCancel(ctx), emit)
		}
	}},
	{"ignores cancel at all", canceling, "item 1 (1) was emitted although the context was canceled", func() ints {
		return func(_ context.Context, emit func(int) bool) error {
			return source.Of(1, 2, 3)(context.Background(), emit)
		}
	}},
	{"ignores a context that is done", canceling, "it returned nil, not context.Cause(ctx)", func() ints {
		return func(context.Context, func(int) bool) error { return nil }
	}},
	{"ignores cancel while it waits", canceling, "it had not returned 1m0s after the stop or cancel", func() ints {
		return func(ctx context.Context, emit func(int) bool) error {
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
			select {}
		}
	}},
	{"notices cancel late", canceling, "after the stop or cancel", func() ints {
		return func(ctx context.Context, emit func(int) bool) error {
			for ctx.Err() == nil {
				time.Sleep(time.Second)
			}
			return context.Cause(ctx)
		}
	}},
	{"emits late after cancel", canceling, "item 2 (1) was emitted 1s after its context had been canceled", func() ints {
		return func(ctx context.Context, emit func(int) bool) error {
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
			return ticks(context.WithoutCancel(ctx), emit)
		}
	}},
	{"returns nil when it is canceled", canceling, "it returned nil, not context.Cause(ctx)", func() ints {
		return func(ctx context.Context, emit func(int) bool) error {
			_ = ints(ticks)(ctx, emit)
			return nil
		}
	}},
	{"returns ctx.Err()", canceling, `it returned the error "context canceled", not context.Cause(ctx)`, func() ints {
		return func(ctx context.Context, emit func(int) bool) error {
			err := ints(ticks)(ctx, emit)
			if err != nil {
				return ctx.Err()
			}
			return nil
		}
	}},
	{"wraps the cause", canceling, "not context.Cause(ctx) alone or as a part of errors.Join", func() ints {
		return func(ctx context.Context, emit func(int) bool) error {
			err := ints(ticks)(ctx, emit)
			if err != nil {
				return fmt.Errorf("ticking: %w", err)
			}
			return nil
		}
	}},
	{"joins the cause with nothing", canceling, "not context.Cause(ctx) alone or as a part of errors.Join", func() ints {
		return func(ctx context.Context, emit func(int) bool) error {
			return errors.Join(ints(ticks)(ctx, emit))
		}
	}},
	{"returns only the error of its cleanup", canceling, `it returned the error "broken", not context.Cause(ctx)`, func() ints {
		return func(ctx context.Context, emit func(int) bool) error {
			if err := ints(ticks)(ctx, emit); err != nil {
				return errors.New("broken")
			}
			return nil
		}
	}},
	{"mistakes its own cancel for a failure", canceling, "it returned context.Canceled, although", func() ints {
		return func(ctx context.Context, emit func(int) bool) error {
			ctx, cancel := context.WithCancelCause(ctx)
			defer cancel(nil)
			return source.Of(1, 2, 3)(ctx, func(v int) bool {
				goOn := emit(v)
				if goOn {
					cancel(nil)
				}
				return goOn
			})
		}
	}},
	{"leaks a goroutine", structured, "check_test.go", func() ints {
		return func(ctx context.Context, emit func(int) bool) error {
			go func() { select {} }()
			return source.Of(1, 2, 3)(ctx, emit)
		}
	}},
	{"leaves a goroutine to its timer", structured, "goroutines still exist after the return", func() ints {
		return func(ctx context.Context, emit func(int) bool) error {
			go time.Sleep(time.Second)
			return source.Of(1, 2, 3)(ctx, emit)
		}
	}},
	{"leaves a goroutine when it is stopped", structured, "check_test.go", func() ints {
		return func(ctx context.Context, emit func(int) bool) error {
			items := make(chan int)
			go func() {
				defer close(items)
				for i := range 3 {
					items <- i
				}
			}()
			for v := range items {
				if !emit(v) {
					return nil
				}
			}
			return context.Cause(ctx)
		}
	}},
	{"leaves the goroutine of a timer", structured, "after all of its runs: deadlock: main bubble", func() ints {
		return func(ctx context.Context, emit func(int) bool) error {
			time.AfterFunc(time.Second, func() { select {} })
			return source.Of(1, 2, 3)(ctx, emit)
		}
	}},
}

func TestCheckRejectsWhatBreaksTheContract(t *testing.T) {
	for _, b := range broken {
		t.Run(b.name, func(t *testing.T) { requireViolation(t, violations(t, b.make()), b.rule, b.how) })
	}
}

func TestCheckGivesUpOnWhatNeverBlocks(t *testing.T) {
	release := make(chan struct{})
	t.Cleanup(func() { close(release) })
	impatient := func(c *config) { c.quiet = quietLimit{look: 5 * time.Millisecond, looks: 10} }
	foreign := ints(func(context.Context, func(int) bool) error { <-release; return nil })
	requireViolation(t, violations(t, foreign, impatient), canceling, "something that was made outside the run")
}

// A goroutine that was left behind and never waits for anything in the bubble stops the bubble's clock. Check finds it
// within a few looks from outside; it need not give the bubble up, which it would not do here.
func TestCheckFindsAGoroutineThatStopsTheClock(t *testing.T) {
	patient := func(c *config) { c.quiet = quietLimit{look: time.Millisecond, looks: math.MaxInt} }
	for name, stay := range map[string]func(end <-chan struct{}){
		"waits for something outside": func(end <-chan struct{}) { <-end },
		"computes": func(end <-chan struct{}) {
			for !isClosed(end) {
				runtime.Gosched()
			}
		},
		"waits for a frequent timer": func(end <-chan struct{}) {
			for !isClosed(end) {
				time.Sleep(time.Nanosecond)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			end := t.Context().Done() // made outside the bubble, closed after the test
			always := ints(func(ctx context.Context, emit func(int) bool) error {
				go stay(end)
				return source.Of(1, 2, 3)(ctx, emit)
			})
			requireViolation(t, violations(t, always, patient), structured, "run to its end: goroutines still exist")
		})
		t.Run(name+", after a stop", func(t *testing.T) {
			end := t.Context().Done()
			whenStopped := ints(func(ctx context.Context, emit func(int) bool) error {
				stopped := false
				err := source.Of(1, 2, 3)(ctx, func(v int) bool { stopped = !emit(v); return !stopped })
				if stopped {
					go stay(end)
				}
				return err
			})
			requireViolation(t, violations(t, whenStopped, patient), structured, "stopped at item 1: goroutines still exist")
		})
	}
}

func isClosed(ch <-chan struct{}) bool {
	select {
	case <-ch:
		return true
	default:
		return false
	}
}

func TestCheckFindsALeakWhileOthersEnd(t *testing.T) {
	end := make(chan struct{})
	go func() { <-end }()
	var once sync.Once
	leaky := ints(func(ctx context.Context, emit func(int) bool) error {
		once.Do(func() {
			before := runtime.NumGoroutine()
			go func() { select {} }()
			close(end)
			for i := 0; i < 1_000_000 && runtime.NumGoroutine() > before; i++ {
				runtime.Gosched()
			}
		})
		return source.Of(1, 2, 3)(ctx, emit)
	})
	requireViolation(t, violations(t, leaky), structured, "")
}

func TestCheckInRealTimeRejects(t *testing.T) {
	hurry := func(c *config) {
		c.world.observation, c.world.prompt, c.world.limit = 20*time.Millisecond, time.Second, 200*time.Millisecond
		c.world.leftover = func(id string, _ int) []string { return leftAfter(100*time.Millisecond, id) }
	}
	for _, b := range broken {
		switch b.name {
		case "leaks a goroutine", "hangs after a stop", "ignores cancel while it waits", "wraps the cause":
			t.Run(b.name, func(t *testing.T) {
				require.Contains(t, fmt.Sprint(violations(t, b.make(), RealTime(), hurry)), b.rule.String())
			})
		}
	}
}

func requireViolation(t *testing.T, all []violation, want rule, how string) {
	t.Helper()
	for _, v := range all {
		if v.rule == want {
			require.Contains(t, v.String(), how)
			return
		}
	}
	require.Failf(t, "no such violation", "of %v, but %v", want, all)
}
