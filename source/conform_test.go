package source_test

import (
	"context"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/observabletest"
	"github.com/rivulet-go/rivulet/source"
)

func TestSourcesKeepTheContract(t *testing.T) {
	for name, src := range map[string]observable.Observable[int]{
		"Of":               source.Of(3, 1, 2),
		"Of nothing":       source.Of[int](),
		"FromSlice":        source.FromSlice(make([]int, 1000)),
		"FromSeq":          source.FromSeq(slices.Values([]int{3, 1, 2})),
		"FromSeq, endless": source.FromSeq(naturals),
		"FromSeq2":         source.FromSeq2(withoutError(naturals)),
		"FromSeq2, failing": source.FromSeq2(func(yield func(int, error) bool) {
			_ = yield(1, nil) && yield(0, errTest)
		}),
		"FromFunc":          source.FromFunc(func(context.Context) (int, error) { return 4, nil }),
		"FromFunc, failing": source.FromFunc(func(context.Context) (int, error) { return 0, errTest }),
		"FromFunc, waiting": source.FromFunc(func(ctx context.Context) (int, error) {
			<-ctx.Done()
			return 0, ctx.Err()
		}),
		"Range":          source.Range(5, 3),
		"Range, long":    source.Range(0, math.MaxInt),
		"Range, empty":   source.Range(5, 0),
		"Generate":       source.Generate(1, tens),
		"Repeat":         source.Repeat(1),
		"Interval":       source.Interval(700 * time.Millisecond),
		"Empty":          source.Empty[int](),
		"Never":          source.Never[int](),
		"Throw":          source.Throw[int](errTest),
		"Defer":          source.Defer(func() observable.Observable[int] { return source.Of(1, 2) }),
		"Using":          locked(source.Range(0, 5)),
		"Using, waiting": locked(source.Never[int]()),
		"FromChannel": source.Defer(func() observable.Observable[int] {
			items := filled(1, 2, 3)
			close(items)
			return source.FromChannel(items)
		}),
		"FromChannel, waiting": source.Defer(func() observable.Observable[int] {
			return source.FromChannel(filled(1, 2, 3))
		}),
	} {
		t.Run(name, func(t *testing.T) { observabletest.Check(t, src) })
	}
	for name, src := range callbacks {
		t.Run("FromCallback, "+name, func(t *testing.T) { observabletest.Check(t, src) })
	}
	t.Run("FromDone", func(t *testing.T) { observabletest.Check(t, inASecond()) })
	t.Run("Timer", func(t *testing.T) { observabletest.Check(t, source.Timer(time.Second), observabletest.Varying()) })
}

// locked runs src with a lock that is new for every run.
func locked(src observable.Observable[int]) observable.Observable[int] {
	return source.Defer(func() observable.Observable[int] {
		return new(lock).using(func() observable.Observable[int] { return src })
	})
}
