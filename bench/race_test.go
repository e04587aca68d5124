// Package bench compares Rivulet with its peers and with a limit: what physics and plain Go allow. All contenders of a
// benchmark do the same work in the same run, and their results are compared, so that a wrong answer cannot be fast.
// README.md says how to run it, and RESULTS.md has the results.
package bench

import (
	"context"
	"testing"

	"github.com/reactivex/rxgo/v2"
	"github.com/samber/ro"

	"github.com/rivulet-go/rivulet/observable"
)

// contender is one way to do a job.
type contender struct {
	name string
	run  func() int // does the job and returns a checksum of what came out
}

// limit, rivulet and others name the contender that a run is by.
func limit(run func() int) contender   { return contender{"limit", run} }
func rivulet(run func() int) contender { return contender{"rivulet", run} }
func by(name string, run func() int) contender {
	return contender{name, run}
}

// race measures the contenders at a job of n items. The first one says what the result is.
func race(b *testing.B, n int, unit string, contenders ...contender) {
	b.Helper()
	want := contenders[0].run()
	for _, c := range contenders {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if got := c.run(); got != want {
					b.Fatalf("%s gives %d, %s gives %d", c.name, got, contenders[0].name, want)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/"+unit)
		})
	}
}

// canceling gives a job a context that can be canceled, like that of a real program.
func canceling(run func(ctx context.Context) int) func() int {
	return func() int {
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		return run(ctx)
	}
}

// sum runs a stream and adds its items up.
func sum(o observable.Observable[int]) int {
	return canceling(func(ctx context.Context) (total int) {
		if err := o.ForEach(ctx, func(v int) { total += v }); err != nil {
			panic(err)
		}
		return total
	})()
}

func sumRo(o ro.Observable[int]) int {
	total := 0
	o.Subscribe(ro.NewObserver(func(v int) { total += v }, func(err error) { panic(err) }, func() {})).Wait()
	return total
}

func sumRxGo(o rxgo.Observable, options ...rxgo.Option) int {
	total := 0
	for item := range o.Observe(options...) {
		if item.E != nil {
			panic(item.E)
		}
		total += item.V.(int)
	}
	return total
}

// numbers are 0 to n-1.
func numbers(n int) []int {
	all := make([]int, n)
	for i := range all {
		all[i] = i
	}
	return all
}

// rxNumbers are 0 to n-1 for RxGo, boxed beforehand.
func rxNumbers(n int) []interface{} {
	all := make([]interface{}, n)
	for i := range all {
		all[i] = i
	}
	return all
}

// rxJust emits values that are boxed already.
func rxJust(values []interface{}) rxgo.Observable {
	return rxgo.Defer([]rxgo.Producer{func(ctx context.Context, next chan<- rxgo.Item) {
		for _, v := range values {
			if !rxgo.Of(v).SendContext(ctx, next) {
				return
			}
		}
	}})
}
