package source_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/source"
)

// register is how a callback of ints is registered.
type register = func(context.Context, source.Emitter[int]) (stop func(), err error)

// callbacks are streams over which FromCallback must keep the contract.
var callbacks = map[string]observable.Observable[int]{
	"complete":    source.FromCallback(10, observable.Block, synchronous(nil, 3, 1, 2)),
	"empty":       source.FromCallback(10, observable.Block, synchronous(nil)),
	"failing":     source.FromCallback(10, observable.DropOldest, synchronous(errTest, 3, 1, 2)),
	"overflowing": source.FromCallback(2, observable.Fail, synchronous(nil, 3, 1, 2)),
	"long":        source.FromCallback(1, observable.Block, synchronous(nil, make([]int, 1000)...)),
	"silent": source.FromCallback(1, observable.Block, func(context.Context, source.Emitter[int]) (func(), error) {
		return nil, nil
	}),
	"refusing": source.FromCallback(1, observable.Block, func(context.Context, source.Emitter[int]) (func(), error) {
		return nil, errTest
	}),
	"slow":    source.FromCallback(1, observable.Block, counting(time.Second)),
	"endless": source.FromCallback(5, observable.Block, counting(0)),
}

// synchronous sends items and the end from within register.
func synchronous(failure error, items ...int) register {
	return func(_ context.Context, e source.Emitter[int]) (func(), error) {
		for _, v := range items {
			e.Next(v)
		}
		e.End(failure)
		return nil, nil
	}
}

// counting sends 0, 1, 2 and so on from a goroutine, with a pause between, until Next returns false or it is stopped,
// which waits for the goroutine.
func counting(pause time.Duration) register {
	return func(ctx context.Context, e source.Emitter[int]) (func(), error) {
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			for i := 0; e.Next(i) && ctx.Err() == nil; i++ {
				if pause == 0 {
					continue
				}
				select {
				case <-time.After(pause):
				case <-ctx.Done():
				}
			}
		}()
		return func() { <-ended }, nil
	}
}

func TestFromCallbackEmitsWhatWasSentBeforeTheEnd(t *testing.T) {
	for name, end := range map[string]error{"complete": nil, "failing": errTest} {
		t.Run(name, func(t *testing.T) {
			var after []bool
			src := source.FromCallback(10, observable.Block,
				func(_ context.Context, e source.Emitter[int]) (func(), error) {
					for i := range 3 {
						after = append(after, e.Next(i))
					}
					e.End(end)
					e.End(errors.New("the second end"))
					after = append(after, e.Next(3))
					return nil, nil
				})
			got, err := src.Collect(t.Context())
			require.Equal(t, end, err)
			require.Equal(t, []int{0, 1, 2}, got)
			require.Equal(t, []bool{true, true, true, false}, after)
		})
	}
}

func TestFromCallbackEmitsWhatAGoroutineSends(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var emitter source.Emitter[int]
		src := source.FromCallback(1, observable.Block,
			func(_ context.Context, e source.Emitter[int]) (func(), error) {
				emitter = e
				go func() {
					for i := range 3 {
						time.Sleep(time.Second)
						e.Next(i)
					}
					e.End(errTest)
					e.End(nil)
				}()
				return nil, nil
			})
		began := time.Now()
		var at []time.Duration
		err := src.ForEach(t.Context(), func(int) { at = append(at, time.Since(began)) })
		require.Equal(t, errTest, err)
		require.Equal(t, []time.Duration{time.Second, 2 * time.Second, 3 * time.Second}, at)
		require.False(t, emitter.Next(4), "after the run")
		emitter.End(nil)
	})
}

// No item is taken while register runs, so Next must not wait for that.
func TestFromCallbackTakesMoreThanItsCapacityWhileItRegisters(t *testing.T) {
	const items = 1000
	for name, run := range map[string]func(task func()){
		"on the goroutine of the run": func(task func()) { task() },
		"on one that register waits for": func(task func()) {
			var tasks sync.WaitGroup
			tasks.Go(task)
			tasks.Wait()
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				src := source.FromCallback(1, observable.Block,
					func(_ context.Context, e source.Emitter[int]) (func(), error) {
						run(func() {
							for i := range items {
								require.True(t, e.Next(i))
							}
						})
						e.End(nil)
						return nil, nil
					})
				got, err := src.Collect(t.Context())
				require.NoError(t, err)
				require.Equal(t, numbersTo(items), got)
			})
		})
	}
}

func numbersTo(n int) []int {
	numbers := make([]int, n)
	for i := range numbers {
		numbers[i] = i
	}
	return numbers
}

// Next on the goroutine of the run would wait for itself: it must not, neither while what register has sent is emitted
// nor later.
func TestFromCallbackTakesWhatEmitSends(t *testing.T) {
	const replies = 100
	for name, early := range map[string]bool{"of register": true, "later": false} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var emitter source.Emitter[int]
				src := source.FromCallback(1, observable.Block,
					func(_ context.Context, e source.Emitter[int]) (func(), error) {
						emitter = e
						if early {
							e.Next(0)
						} else {
							go e.Next(0)
						}
						return nil, nil
					})
				var got []int
				err := src.ForEach(t.Context(), func(v int) {
					got = append(got, v)
					switch v {
					case 0:
						for i := range replies {
							require.True(t, emitter.Next(i+1))
						}
					case replies:
						emitter.End(nil)
					}
				})
				require.NoError(t, err)
				require.Equal(t, numbersTo(replies+1), got)
			})
		})
	}
}

func TestFromCallbackBlocksAtItsCapacity(t *testing.T) {
	const capacity = 7
	synctest.Test(t, func(t *testing.T) {
		sent := 0
		src := source.FromCallback(capacity, observable.Block,
			func(_ context.Context, e source.Emitter[int]) (func(), error) {
				go func() {
					time.Sleep(time.Second) // what is sent while register runs has no limit
					for e.Next(sent) {
						sent++
					}
				}()
				return nil, nil
			})
		n := 0
		err := src(t.Context(), func(int) bool {
			taken := n + 1 // at the least: the run may have taken more at once
			n++
			synctest.Wait()
			require.GreaterOrEqual(t, sent, taken+capacity-1)
			require.LessOrEqual(t, sent, n+2*capacity)
			return n < 100
		})
		require.NoError(t, err)
		synctest.Wait()
	})
}

// A producer that waits in Next goes on when the run ends, however it does: stop may wait for it.
func TestFromCallbackReleasesAProducerThatWaits(t *testing.T) {
	ends := map[string]func(cancel context.CancelCauseFunc) bool{
		"stopped": func(context.CancelCauseFunc) bool { return false },
		"canceled": func(cancel context.CancelCauseFunc) bool {
			cancel(errCanceled)
			return true
		},
	}
	for name, end := range ends {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithCancelCause(t.Context())
				defer cancel(nil)
				err := source.FromCallback(1, observable.Block, counting(0))(ctx, func(int) bool {
					synctest.Wait() // the producer waits now
					return end(cancel)
				})
				require.Equal(t, context.Cause(ctx), err)
			})
		})
	}
}

// The producer need not wait for a consumer that is busy when ctx is done.
func TestFromCallbackReleasesAProducerWhenItIsCanceled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		began := time.Now()
		time.AfterFunc(time.Second, cancel)
		var released time.Duration
		src := source.FromCallback(1, observable.Block,
			func(_ context.Context, e source.Emitter[int]) (func(), error) {
				go func() {
					for e.Next(1) {
					}
					released = time.Since(began)
				}()
				return nil, nil
			})
		err := src.ForEach(ctx, func(int) { time.Sleep(time.Hour) })
		require.Equal(t, context.Canceled, err)
		synctest.Wait()
		require.Equal(t, time.Second, released)
	})
}

func TestFromCallbackStopsExactlyOnce(t *testing.T) {
	type outcome struct {
		stops      int
		err        error
		panicked   any
		hasExited  bool
		registered context.Context
	}
	// perform runs a callback that sends one item, with what its consumer does.
	perform := func(end func(e source.Emitter[int], cancel context.CancelCauseFunc) bool) (o outcome) {
		ctx, cancel := context.WithCancelCause(context.Background())
		var emitter source.Emitter[int]
		src := source.FromCallback(1, observable.Block,
			func(ctx context.Context, e source.Emitter[int]) (func(), error) {
				o.registered, emitter = ctx, e
				e.Next(1)
				return func() {
					o.stops++
					if ctx.Err() == nil || e.Next(2) {
						o.stops = -1 // the run has not ended
					}
				}, nil
			})
		done := make(chan struct{})
		go func() {
			defer close(done)
			returned := false
			defer func() {
				o.panicked = recover()
				o.hasExited = !returned && o.panicked == nil
			}()
			o.err = src(ctx, func(int) bool { return end(emitter, cancel) })
			returned = true
		}()
		<-done
		return o
	}
	type emitter = source.Emitter[int]
	type cancelFunc = context.CancelCauseFunc
	for name, c := range map[string]struct {
		end  func(emitter, cancelFunc) bool
		want outcome
	}{
		"complete": {func(e emitter, _ cancelFunc) bool { e.End(nil); return true }, outcome{}},
		"failed":   {func(e emitter, _ cancelFunc) bool { e.End(errTest); return true }, outcome{err: errTest}},
		"stopped":  {func(emitter, cancelFunc) bool { return false }, outcome{}},
		"canceled": {func(_ emitter, cancel cancelFunc) bool { cancel(errCanceled); return true },
			outcome{err: errCanceled}},
		"ended and stopped": {func(e emitter, _ cancelFunc) bool { e.End(errTest); return false }, outcome{}},
		"panicked":          {func(emitter, cancelFunc) bool { panic("oops") }, outcome{panicked: "oops"}},
		"exited":            {func(emitter, cancelFunc) bool { runtime.Goexit(); return true }, outcome{hasExited: true}},
	} {
		t.Run(name, func(t *testing.T) {
			got := perform(c.end)
			require.Error(t, got.registered.Err(), "the context of register must be done")
			got.registered = nil
			c.want.stops = 1
			require.Equal(t, c.want, got)
		})
	}
}

func TestFromCallbackThatCannotRegister(t *testing.T) {
	sawDone := false
	failing := func(ctx context.Context, e source.Emitter[int]) (func(), error) {
		context.AfterFunc(ctx, func() { sawDone = true })
		e.Next(1)
		return func() { t.Error("stop was called") }, errTest
	}
	synctest.Test(t, func(t *testing.T) {
		got, err := source.FromCallback(1, observable.Block, failing).Collect(t.Context())
		require.Equal(t, errTest, err)
		require.Empty(t, got)
		synctest.Wait()
		require.True(t, sawDone)
	})

	t.Run("after an End", func(t *testing.T) {
		errEnd := errors.New("the end")
		_, err := source.FromCallback(1, observable.DropOldest,
			func(_ context.Context, e source.Emitter[int]) (func(), error) {
				e.End(errEnd)
				return nil, errTest
			}).Collect(t.Context())
		require.ErrorIs(t, err, errEnd)
		require.ErrorIs(t, err, errTest)
	})

	t.Run("because it was canceled", func(t *testing.T) {
		ctx, cancel := context.WithCancelCause(t.Context())
		_, err := source.FromCallback(1, observable.Block,
			func(ctx context.Context, e source.Emitter[int]) (func(), error) {
				cancel(errCanceled)
				require.False(t, e.Next(1))
				return nil, ctx.Err()
			}).Collect(ctx)
		require.Equal(t, errCanceled, err)
	})

	t.Run("with a panic", func(t *testing.T) {
		var emitter source.Emitter[int]
		require.PanicsWithValue(t, "oops", func() {
			_, _ = source.FromCallback(1, observable.Block,
				func(_ context.Context, e source.Emitter[int]) (func(), error) {
					emitter = e
					panic("oops")
				}).Collect(t.Context())
		})
		require.False(t, emitter.Next(1))
		emitter.End(nil)
	})
}

func TestFromCallbackOverflows(t *testing.T) {
	for name, c := range map[string]struct {
		overflow observable.Overflow
		items    []int
		taken    []bool
		err      error
		log      string
	}{
		"DropOldest": {observable.DropOldest, []int{3, 4}, []bool{true, true, true, true, true}, nil, "items=3"},
		"DropNewest": {observable.DropNewest, []int{0, 1}, []bool{true, true, false, false, false}, nil, "items=1\nitems=2"},
		"Fail":       {observable.Fail, nil, []bool{true, true, false, false, false}, observable.ErrOverflow, ""},
		"Block":      {observable.Block, []int{0, 1, 2, 3, 4}, []bool{true, true, true, true, true}, nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			log := loggedDrops(t)
			var taken []bool
			src := source.FromCallback(2, c.overflow,
				func(_ context.Context, e source.Emitter[int]) (func(), error) {
					for i := range 5 {
						taken = append(taken, e.Next(i))
					}
					e.End(nil)
					return nil, nil
				})
			got, err := src.Collect(t.Context())
			require.Equal(t, c.err, err)
			require.Equal(t, c.items, got)
			require.Equal(t, c.taken, taken)
			require.Equal(t, c.log, log())
		})
	}
}

// loggedDrops returns the numbers of dropped items that slog.Default logs in the test.
func loggedDrops(t *testing.T) func() string {
	t.Helper()
	var log bytes.Buffer
	before := slog.Default()
	handler := slog.NewTextHandler(&log, &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		if a.Key == "items" {
			return a
		}
		return slog.Attr{}
	}})
	slog.SetDefault(slog.New(handler))
	t.Cleanup(func() { slog.SetDefault(before) })
	return func() string { return strings.TrimSpace(log.String()) }
}

// A run that drops items logs so at once, and then once a minute with the number of those that were dropped since.
func TestFromCallbackReportsDropsOnceAMinute(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := loggedDrops(t)
		src := source.FromCallback(1, observable.DropNewest,
			func(_ context.Context, e source.Emitter[int]) (func(), error) {
				e.Next(0)
				for range 125 { // at 0 s, 1 s and so on
					require.False(t, e.Next(1))
					time.Sleep(time.Second)
				}
				e.End(nil)
				return nil, nil
			})
		got, err := src.Collect(t.Context())
		require.NoError(t, err)
		require.Equal(t, []int{0}, got)
		require.Equal(t, "items=1\nitems=60\nitems=60\nitems=4", log())
	})
}

func TestFromCallbackMisused(t *testing.T) {
	reg := synchronous(nil)
	requirePanic(t, "source.FromCallback: nil register", func() {
		source.FromCallback[int](1, observable.Block, nil)
	})
	requirePanic(t, "source.FromCallback: capacity is 0,", func() { source.FromCallback(0, observable.Block, reg) })
	requirePanic(t, "source.FromCallback: overflow is 4,", func() { source.FromCallback(1, 4, reg) })
	requirePanic(t, "source.FromCallback: overflow is -1,", func() { source.FromCallback(1, -1, reg) })
}
