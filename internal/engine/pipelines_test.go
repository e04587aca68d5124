package engine_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/internal/goroutines"
	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

var (
	pipelineCount = flag.Int("pipelines", 1200, "how many random pipelines to run")
	pipelineSeed  = flag.Uint64("pipelineseed", 0, "the first seed of the random pipelines; 0 means a random one")
)

type numbers = observable.Observable[int]

// A generator makes random pipelines. Each comes with a description, which is an expression in Go.
type generator struct{ *rand.Rand }

// pipeline returns a pipeline of at most depth stages, one upon the other.
func (g generator) pipeline(depth int) (numbers, string) {
	if depth == 0 || g.IntN(8) == 0 {
		return g.leaf()
	}
	stage := stages[g.IntN(len(stages))]
	a, nameA := g.pipeline(depth - 1)
	b, nameB := g.pipeline(g.IntN(depth))
	return stage.build(g, a, b), fmt.Sprintf("%s(%s, %s)", stage.name, nameA, nameB)
}

var (
	errFailure  = errors.New("a source failed")
	errTeardown = errors.New("a source could not stop cleanly")
)

// leaf returns a source.
func (g generator) leaf() (numbers, string) {
	n, d := g.IntN(300), time.Duration(1+g.IntN(1000))*time.Millisecond
	switch g.IntN(9) {
	case 0:
		return source.Of(1, 2, 3), "Of(1, 2, 3)"
	case 1:
		return source.Range(0, n), fmt.Sprintf("Range(0, %d)", n)
	case 2:
		return source.Interval(d), fmt.Sprintf("Interval(%v)", d)
	case 3:
		return source.Empty[int](), "Empty()"
	case 4:
		return source.Never[int](), "Never()"
	case 5:
		return source.Throw[int](errFailure), "Throw()"
	case 6:
		return operators.Map(source.Timer(d), func(time.Time) int { return 7 }), fmt.Sprintf("Timer(%v)", d)
	case 7:
		return sticky, "sticky"
	default:
		late := operators.Concat(source.Range(0, n), operators.DelaySubscription(source.Throw[int](errFailure), d))
		return late, fmt.Sprintf("failing(%d, %v)", n, d)
	}
}

// sticky emits an item and cannot stop cleanly.
func sticky(ctx context.Context, emit func(int) bool) error {
	if !emit(1) {
		return errTeardown
	}
	<-ctx.Done()
	return errors.Join(context.Cause(ctx), errTeardown)
}

// stages are the operators, each with a second stream, which those of one stream ignore.
var stages = []struct {
	name  string
	build func(g generator, a, b numbers) numbers
}{
	{"Map", func(_ generator, a, _ numbers) numbers { return operators.Map(a, func(v int) int { return v + 1 }) }},
	{"Filter", func(_ generator, a, _ numbers) numbers {
		return operators.Filter(a, func(v int) bool { return v%3 != 0 })
	}},
	{"Take", func(g generator, a, _ numbers) numbers { return operators.Take(a, g.IntN(200)) }},
	{"SkipLast", func(g generator, a, _ numbers) numbers { return operators.SkipLast(a, g.IntN(5)) }},
	{"Merge", func(_ generator, a, b numbers) numbers { return operators.Merge(a, b) }},
	{"MergeDelayError", func(_ generator, a, b numbers) numbers { return operators.MergeDelayError(a, b) }},
	{"Concat", func(_ generator, a, b numbers) numbers { return operators.Concat(a, b) }},
	{"Race", func(_ generator, a, b numbers) numbers { return operators.Race(a, b) }},
	{"Zip2", func(_ generator, a, b numbers) numbers { return operators.Zip2(a, b, sum) }},
	{"CombineLatest2", func(_ generator, a, b numbers) numbers { return operators.CombineLatest2(a, b, sum) }},
	{"WithLatestFrom", func(_ generator, a, b numbers) numbers { return operators.WithLatestFrom(a, b, sum) }},
	{"Join", func(_ generator, a, b numbers) numbers { return operators.Join(a, b, 50*time.Millisecond, sum) }},
	{"TakeUntil", func(_ generator, a, b numbers) numbers { return operators.TakeUntil(a, b) }},
	{"SkipUntil", func(_ generator, a, b numbers) numbers { return operators.SkipUntil(a, b) }},
	{"Sample", func(_ generator, a, b numbers) numbers { return operators.Sample(a, b) }},
	{"FlatMap", func(g generator, a, b numbers) numbers {
		return operators.FlatMap(operators.Take(a, 20), 1+g.IntN(4), func(int) numbers { return b })
	}},
	{"SwitchMap", func(_ generator, a, b numbers) numbers {
		return operators.SwitchMap(a, func(int) numbers { return b })
	}},
	{"ExhaustMap", func(_ generator, a, b numbers) numbers {
		return operators.ExhaustMap(a, func(int) numbers { return b })
	}},
	{"ConcatMapEager", func(g generator, a, b numbers) numbers {
		return operators.ConcatMapEager(operators.Take(a, 20), 1+g.IntN(4), func(int) numbers { return b })
	}},
	{"ParallelMap", func(g generator, a, _ numbers) numbers {
		return operators.ParallelMap(a, 1+g.IntN(4), func(_ context.Context, v int) (int, error) { return v, nil })
	}},
	{"GroupBy", func(_ generator, a, _ numbers) numbers {
		groups := operators.GroupBy(a, func(v int) int { return v % 5 })
		return operators.FlatMap(groups, math.MaxInt, func(group operators.Group[int, int]) numbers { return group.Items })
	}},
	{"WindowTimeOrCount", func(g generator, a, _ numbers) numbers {
		return operators.MergeAll(operators.WindowTimeOrCount(a, 100*time.Millisecond, 1+g.IntN(9)), math.MaxInt)
	}},
	{"BufferWhen", func(_ generator, a, b numbers) numbers { return operators.Flatten(operators.BufferWhen(a, b)) }},
	{"BufferTime", func(_ generator, a, _ numbers) numbers {
		return operators.Flatten(operators.BufferTime(a, 70*time.Millisecond))
	}},
	{"Debounce", func(_ generator, a, _ numbers) numbers { return operators.Debounce(a, 30*time.Millisecond) }},
	{"Audit", func(_ generator, a, _ numbers) numbers { return operators.Audit(a, 30*time.Millisecond) }},
	{"ThrottleLast", func(_ generator, a, _ numbers) numbers { return operators.ThrottleLast(a, 30*time.Millisecond) }},
	{"Delay", func(_ generator, a, _ numbers) numbers { return operators.Delay(a, 30*time.Millisecond) }},
	{"TimeoutWith", func(_ generator, a, b numbers) numbers { return operators.TimeoutWith(a, 300*time.Millisecond, b) }},
	{"Catch", func(_ generator, a, b numbers) numbers { return operators.Catch(a, func(error) numbers { return b }) }},
	{"ObserveOn", func(g generator, a, _ numbers) numbers { return operators.ObserveOn(a, 1+g.IntN(9)) }},
	{"SubscribeOn", func(_ generator, a, _ numbers) numbers { return operators.SubscribeOn(a) }},
	{"OnBackpressureLatest", func(_ generator, a, _ numbers) numbers { return operators.OnBackpressureLatest(a) }},
	{"OnBackpressureFail", func(_ generator, a, _ numbers) numbers {
		return operators.OnBackpressureBuffer(a, 50, observable.Fail, nil)
	}},
	{"Share", func(_ generator, a, _ numbers) numbers {
		shared := operators.Share(a)
		return operators.Merge(shared, shared)
	}},
	{"ShareReplay", func(_ generator, a, b numbers) numbers {
		shared := operators.ShareReplay(a, 2)
		return operators.Zip2(shared, operators.TakeUntil(shared, b), sum)
	}},
	{"AutoConnect", func(_ generator, a, b numbers) numbers {
		shared := operators.Publish(a).AutoConnect(2)
		return operators.Merge(shared, operators.Concat(operators.Take(shared, 3), b))
	}},
}

func sum(a, b int) int { return a + b }

// However operators are combined, a run that is stopped or canceled returns at once, and leaves nothing running.
func TestRandomPipelines(t *testing.T) {
	first := *pipelineSeed
	if first == 0 {
		first = rand.Uint64()
	}
	const each = 50 // in one bubble: the race detector keeps what it needs for one, and fails after some 16,000 timers in it
	for from := 0; from < *pipelineCount; from += each {
		synctest.Test(t, func(t *testing.T) {
			b := newBubble()
			for i := range each {
				seed := first + uint64(from+i)
				g := generator{rand.New(rand.NewPCG(seed, 0))}
				o, name := g.pipeline(1 + g.IntN(6))
				b.run(t, g, o, fmt.Sprintf("seed %d: %s", seed, name))
			}
		})
	}
}

// run stops a pipeline at a random item, or cancels it at a random time, and looks for what is left.
func (b bubble) run(t *testing.T, g generator, o numbers, name string) {
	enough := errors.New("enough")
	ctx, cancel := context.WithCancelCause(t.Context())
	defer cancel(nil)
	over := time.Time{} // when the run was stopped or canceled
	items, stopAt := 0, math.MaxInt
	end := time.Duration(g.IntN(3_000_000)) * time.Microsecond
	if g.IntN(2) == 0 {
		stopAt = 1 + g.IntN(100)
	}
	timer := time.AfterFunc(end, func() {
		over = time.Now()
		cancel(enough)
	})
	err := o(ctx, func(int) bool {
		items++
		require.True(t, items <= stopAt, "%s: an item after a stop", name)
		if items == stopAt && timer.Stop() {
			over = time.Now()
		}
		return items < stopAt
	})
	timer.Stop()
	if !over.IsZero() {
		require.Zero(t, time.Since(over), name)
	}
	if ctx.Err() != nil && items < stopAt {
		require.ErrorIs(t, err, enough, name)
	}
	b.requireNoOthers(t, name)
}

// bubble counts the goroutines of a bubble.
type bubble struct{ all, own int }

func newBubble() bubble { return bubble{runtime.NumGoroutine(), len(goroutines.InBubble())} }

// requireNoOthers requires that the bubble has as many goroutines as at first. It looks at the stacks only if the process
// has more, because that is dear.
func (b bubble) requireNoOthers(t *testing.T, name string) {
	synctest.Wait()
	if runtime.NumGoroutine() > b.all {
		require.Equal(t, b.own, len(goroutines.InBubble()), name)
	}
}
