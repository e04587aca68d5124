package operators_test

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/observabletest"
	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

// inline reads each window within emit, and allAtOnce reads eight at a time.
func inline[T any](src observable.Observable[observable.Observable[T]]) observable.Observable[[]T] {
	return operators.ConcatMap(src, operators.ToSlice[T])
}

func allAtOnce[T any](src observable.Observable[observable.Observable[T]]) observable.Observable[[]T] {
	return operators.FlatMap(src, 8, operators.ToSlice[T])
}

func TestWindowCount(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, read := range []func(observable.Observable[window]) observable.Observable[[]int]{inline[int], allAtOnce[int]} {
			got, err := read(operators.WindowCount(source.Range(1, 8), 3)).Collect(t.Context())
			require.NoError(t, err)
			require.ElementsMatch(t, [][]int{{1, 2, 3}, {4, 5, 6}, {7, 8}}, got)
		}
		requireResult(t, inline(operators.WindowCount(source.Range(1, 4), 2)), nil, []int{1, 2}, []int{3, 4})
		requireResult(t, inline(operators.WindowCount(source.Empty[int](), 2)), nil)
		requireResult(t, inline(operators.WindowCount(failing(1, 2, 3), 2)), errSource, []int{1, 2})
	})
}

func TestWindowCountReducesEach(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sums := operators.ConcatMap(operators.WindowCount(source.Range(0, 10_000), 3), func(w window) window {
			return operators.Reduce(w, 0, func(sum, v int) int { return sum + v })
		})
		got, err := sums.Collect(t.Context())
		require.NoError(t, err)
		require.Len(t, got, 3334)
		require.Equal(t, []int{0 + 1 + 2, 3 + 4 + 5}, got[:2])
		require.Equal(t, 9999, got[3333])
	})
}

// timeline returns the items that a stream emits within 20 frames, and when.
func timeline(t *testing.T, stream observable.Observable[[]string]) (events []string) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), frames(20)-1)
		defer cancel()
		begin := time.Now()
		note := func(what any) { events = append(events, fmt.Sprint(time.Since(begin)/observabletest.Frame, what)) }
		err := stream.ForEach(ctx, func(items []string) { note(items) })
		note(err)
	})
	return events
}

func TestWindowsHoldWhatBuffersDo(t *testing.T) {
	for _, picture := range []string{
		"-a-b-------c-|", "-a-b-------c-d|", "-a-b-c-#", "|", "#", "(ab|)", "---------", "(abcde|)", "-ab--c-------|",
		"-ab--cde--#", "a", "(abcd)-(ef)--g", "--------------|",
	} {
		src, boundary := marbles(picture), marbles("----x---x-------x")
		require.Equal(t, timeline(t, operators.BufferCount(src, 2, 2)), timeline(t, inline(operators.WindowCount(src, 2))))
		require.Equal(t, timeline(t, operators.BufferTime(src, frames(4))),
			timeline(t, inline(operators.WindowTime(src, frames(4)))))
		require.Equal(t, timeline(t, operators.BufferTimeOrCount(src, frames(4), 2)),
			timeline(t, inline(operators.WindowTimeOrCount(src, frames(4), 2))))
		require.Equal(t, timeline(t, operators.BufferWhen(src, boundary)),
			timeline(t, inline(operators.WindowWhen(src, boundary))))
	}
}

func TestWindowWhenFailsWithItsBoundary(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		src := operators.Concat(source.Of(1, 2), source.Never[int]())
		boundary := operators.Concat(operators.IgnoreElements(after(1)), source.Throw[int](errSource))
		requireResult(t, operators.MergeAll(operators.WindowWhen(src, boundary), 2), errSource, 1, 2)
	})
}

// A window need not be read within emit, nor while its run lasts.
func TestWindowsAreReadLater(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		windows, err := operators.WindowCount(failing(1, 2, 3, 4, 5), 2).Collect(t.Context())
		require.Equal(t, errSource, err)
		require.Len(t, windows, 3)
		time.Sleep(time.Hour)
		requireResult(t, windows[2], errSource, 5)
		requireResult(t, windows[0], nil, 1, 2)
		requireResult(t, windows[0], operators.ErrSubscribed)
		requireResult(t, windows[1], nil, 3, 4)
	})
}

func TestWindowsCanBeCounted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		begin := time.Now()
		requireResult(t, operators.Count(operators.WindowCount(source.Range(0, 10_000), 1000)), nil, 10)
		require.Zero(t, time.Since(begin), "there is room for a whole window")
		requireResult(t, operators.Count(operators.WindowWhen(source.Range(0, 10_000), source.Never[int]())), nil, 1)
		require.Equal(t, time.Second, time.Since(begin), "a window without a limit is given up after a second")
	})
}

// A window without a limit holds 128 items, and the source then waits for a reader, for one second at most.
func TestAWindowThatNobodyReadsIsGivenUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, c := range []struct {
			items int
			late  time.Duration
			err   error
		}{
			{128, time.Hour, nil},
			{1000, 999 * time.Millisecond, nil},
			{1000, 1001 * time.Millisecond, observable.ErrOverflow},
		} {
			windows := operators.WindowWhen(source.Range(0, c.items), source.Never[int]()).Observe(t.Context(), 1)
			window := <-windows
			require.NoError(t, window.Err)
			time.Sleep(c.late)
			got, err := window.Value.Collect(t.Context())
			require.ErrorIs(t, err, c.err)
			if err == nil {
				require.Len(t, got, c.items)
			}
			require.Empty(t, <-windows)
			_, err = window.Value.Collect(t.Context())
			require.Error(t, err)
		}
	})
}

// However slow downstream is, within emit or in the reader of a window, nothing is lost.
func TestWindowsOfASlowConsumer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const n = 1000
		slow := func(w window) window {
			return operators.Map(w, func(v int) int {
				if v%100 == 0 {
					time.Sleep(time.Hour)
				}
				return v
			})
		}
		windows := operators.WindowWhen(source.Range(0, n), source.Interval(time.Minute))
		for _, stream := range []window{
			operators.ConcatMap(windows, slow),
			operators.FlatMap(windows, 8, slow),
			slow(operators.FlatMap(windows, 2, slow)),
		} {
			got, err := stream.Collect(t.Context())
			require.NoError(t, err)
			require.Len(t, got, n)
		}
		// No window has a reader while emit lasts.
		var got []int
		err := windows(t.Context(), func(w window) bool {
			time.Sleep(time.Hour)
			items, err := w.Collect(t.Context())
			require.NoError(t, err)
			got = append(got, items...)
			return true
		})
		require.NoError(t, err)
		require.Len(t, got, n)
	})
}

// A reader holds the source back.
func TestWindowsHoldTheirSourceBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var made atomic.Int64
		src := operators.Map(endless, func(v int) int { made.Add(1); return v })
		windows := operators.WindowWhen(src, source.Never[int]())
		err := operators.MergeAll(windows, 1)(t.Context(), func(int) bool {
			time.Sleep(time.Hour)
			return false
		})
		require.NoError(t, err)
		require.Less(t, made.Load(), int64(5*128))
	})
}

func TestAReaderThatLeavesEarly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		first := operators.FlatMap(operators.WindowCount(source.Range(0, 5000), 1000), 8, func(w window) window {
			return operators.Take(w, 1)
		})
		got, err := first.Collect(t.Context())
		require.NoError(t, err)
		require.ElementsMatch(t, []int{0, 1000, 2000, 3000, 4000}, got)
		one := operators.FlatMap(operators.WindowWhen(source.Range(0, 5000), source.Never[int]()), 8, func(w window) window {
			return operators.Take(w, 1)
		})
		requireResult(t, one, nil, 0)
	})
}

// A window that is open ends with its run, after the items that it has.
func TestWindowsEndWithTheirRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cause := errors.New("enough")
		src := operators.Concat(source.Of(1, 2), source.Never[int]())
		for _, c := range []struct {
			run, window error
			end         func(cancel context.CancelCauseFunc) (more bool)
		}{
			{nil, operators.ErrCutOff, func(context.CancelCauseFunc) bool { return false }},
			{cause, cause, func(cancel context.CancelCauseFunc) bool { cancel(cause); return true }},
		} {
			ctx, cancel := context.WithCancelCause(t.Context())
			var open window
			err := operators.WindowWhen(src, source.Never[int]())(ctx, func(w window) bool {
				open = w
				synctest.Wait()
				return c.end(cancel)
			})
			require.Equal(t, c.run, err)
			requireResult(t, open, c.window, 1, 2)
			cancel(nil)
		}
	})
}

// What reads a window and ends with its run has not failed.
func TestAWindowIsNotCutOffByTheEndOfItsReader(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, stream := range []window{
			operators.MergeAll(operators.WindowCount(endless, 10), 4),
			operators.ConcatAll(operators.WindowCount(endless, 10)),
			operators.SwitchAll(operators.WindowWhen(bursts(1), source.Interval(time.Minute))),
		} {
			got, err := operators.Take(stream, 7).Collect(t.Context())
			require.NoError(t, err)
			require.Len(t, got, 7)
		}
		cut := operators.MergeAll(operators.Take(operators.WindowWhen(bursts(1), source.Never[int]()), 1), 4)
		_, err := cut.Collect(t.Context())
		require.Equal(t, operators.ErrCutOff, err)
	})
}

func TestAWindowOfACancelledReader(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cause := errors.New("enough")
		windows, err := operators.WindowCount(source.Range(1, 3), 3).Collect(t.Context())
		require.NoError(t, err)
		ctx, cancel := context.WithCancelCause(t.Context())
		cancel(cause)
		_, err = windows[0].Collect(ctx)
		require.Equal(t, cause, err)
		requireResult(t, windows[0], nil, 1, 2, 3)
	})
}

func TestWindowsKeepTheContract(t *testing.T) {
	const d = 700 * time.Millisecond
	type windows = observable.Observable[window]
	for name, op := range map[string]func(numbers) windows{
		"WindowCount":       func(src numbers) windows { return operators.WindowCount(src, 3) },
		"WindowTime":        func(src numbers) windows { return operators.WindowTime(src, d) },
		"WindowTimeOrCount": func(src numbers) windows { return operators.WindowTimeOrCount(src, d, 3) },
		"WindowWhen":        func(src numbers) windows { return operators.WindowWhen(src, source.Interval(d)) },
		"WindowWhen by":     func(src numbers) windows { return operators.WindowWhen(source.Interval(d), src) },
	} {
		t.Run(name, func(t *testing.T) {
			varying := observabletest.Varying()
			checkOperator(t, func(src numbers) observable.Observable[[]int] { return inline(op(src)) }, varying)
			checkOperator(t, func(src numbers) numbers { return operators.MergeAll(op(src), 3) }, varying)
			unread := func(window) int { return 0 }
			checkOperator(t, func(src numbers) numbers { return operators.Map(op(src), unread) }, varying)
		})
	}
}

func TestWindowsMisused(t *testing.T) {
	requirePanic(t, "operators.WindowCount: nil", func() { operators.WindowCount[int](nil, 1) })
	requirePanic(t, "operators.WindowCount: n is 0,", func() { operators.WindowCount(source.Of(1), 0) })
	requirePanic(t, "operators.WindowTime: nil", func() { operators.WindowTime[int](nil, 1) })
	requirePanic(t, "operators.WindowTime: d is 0s,", func() { operators.WindowTime(source.Of(1), 0) })
	requirePanic(t, "operators.WindowTimeOrCount: nil", func() { operators.WindowTimeOrCount[int](nil, 1, 1) })
	requirePanic(t, "operators.WindowTimeOrCount: d is 0s,", func() { operators.WindowTimeOrCount(source.Of(1), 0, 1) })
	requirePanic(t, "operators.WindowTimeOrCount: n is 0,", func() { operators.WindowTimeOrCount(source.Of(1), 1, 0) })
	requirePanic(t, "operators.WindowWhen: nil", func() { operators.WindowWhen[int, int](nil, source.Of(1)) })
	requirePanic(t, "operators.WindowWhen: nil", func() { operators.WindowWhen[int, int](source.Of(1), nil) })
}
