package operators_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

// numbers is what most operators are tried with.
type numbers = observable.Observable[int]

// silent emits nothing until it is canceled.
func silent(ctx context.Context, _ func(int) bool) error {
	<-ctx.Done()
	return context.Cause(ctx)
}

// endless counts without end and keeps the contract.
func endless(ctx context.Context, emit func(int) bool) error {
	for i := 0; emit(i); i++ {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
	}
	return nil
}

// bursts emits 1, 2, 3 and so on without end, n of them in a row and then none for a second. A source that never waits
// would stop the clock of a bubble in a concurrent operator that emits nothing before the end.
func bursts(n int) numbers {
	return func(ctx context.Context, emit func(int) bool) error {
		for i := 1; ctx.Err() == nil; i++ {
			if !emit(i) {
				return nil
			}
			if i%n != 0 {
				continue
			}
			select {
			case <-time.After(time.Second):
			case <-ctx.Done():
			}
		}
		return context.Cause(ctx)
	}
}

// busy emits 1 to n, ten of them a second, each half-way between two tenths.
func busy(n int) numbers {
	tenths := operators.Take(operators.Map(source.Interval(time.Second/10), func(i int) int { return i + 1 }), n)
	return operators.Delay(tenths, time.Second/20)
}

// ticks emits n items, 0, 1 and so on, each a second after the other and the first after so many seconds.
func ticks(first, n int) numbers {
	return operators.DelaySubscription(operators.Take(source.Interval(time.Second), n),
		time.Duration(first-1)*time.Second)
}

// after emits each of the seconds after waiting for so long.
func after(seconds ...int) numbers {
	return operators.Map(source.Of(seconds...), func(s int) int {
		time.Sleep(time.Duration(s) * time.Second)
		return s
	})
}

// errSource is the failure of the sources that fail.
var errSource = errors.New("the source failed")

// failing emits items and then fails with errSource.
func failing(items ...int) numbers {
	return operators.Concat(source.Of(items...), source.Throw[int](errSource))
}

// errOther is the failure that takes the place of errSource.
var errOther = errors.New("another failure")

// failingToStop emits up to three items and then fails, also if it was stopped.
func failingToStop(_ context.Context, emit func(int) bool) error {
	for i := 0; i < 3 && emit(i); i++ {
	}
	return errSource
}

// errClose is the failure of the sources that cannot end cleanly.
var errClose = errors.New("could not close")

// sticky emits nothing and fails to end cleanly when it is canceled.
func sticky(ctx context.Context, _ func(int) bool) error {
	<-ctx.Done()
	return errors.Join(context.Cause(ctx), errClose)
}

// lingering emits nothing, and takes d to end when it is canceled.
func lingering(d time.Duration) numbers {
	return func(ctx context.Context, emit func(int) bool) error {
		<-ctx.Done()
		time.Sleep(d)
		return context.Cause(ctx)
	}
}

// upstream is a source that counts its runs.
type upstream struct {
	src     numbers
	ending  time.Duration // how long a run takes to end
	failure error         // of ending

	runs atomic.Int32 // the number that have begun
	crowd
}

// run is the source.
func (u *upstream) run(ctx context.Context, emit func(int) bool) error {
	u.runs.Add(1)
	return u.of(u.runOnce)(ctx, emit)
}

func (u *upstream) runOnce(ctx context.Context, emit func(int) bool) error {
	err := u.src(ctx, emit)
	time.Sleep(u.ending)
	if u.failure != nil {
		return errors.Join(err, u.failure)
	}
	return err
}

// diary notes what happens, from any goroutine.
type diary struct {
	mu    sync.Mutex
	notes []string
}

// note adds a line to the diary.
func (d *diary) note(format string, args ...any) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.notes = append(d.notes, fmt.Sprintf(format, args...))
}

// life is src with its begin and its end in the diary. An end takes a second, as tearing down may.
func (d *diary) life(name string, src numbers) numbers {
	return func(ctx context.Context, emit func(int) bool) error {
		d.note("%s begins", name)
		err := src(ctx, emit)
		time.Sleep(time.Second)
		d.note("%s ends", name)
		return err
	}
}

// crowd counts how many runs of a stream there are at once.
type crowd struct{ now, most atomic.Int64 }

// of returns src, counted.
func (c *crowd) of(src numbers) numbers {
	return func(ctx context.Context, emit func(int) bool) error {
		n := c.now.Add(1)
		defer c.now.Add(-1)
		for most := c.most.Load(); n > most && !c.most.CompareAndSwap(most, n); most = c.most.Load() {
		}
		return src(ctx, emit)
	}
}
