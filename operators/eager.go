package operators

import (
	"context"

	"github.com/rivulet-go/rivulet/internal/engine"
	"github.com/rivulet-go/rivulet/internal/must"
	"github.com/rivulet-go/rivulet/observable"
)

// ConcatMapEager runs the streams that f returns for the items, up to concurrency of them at the same time, and emits
// their items in the order of src: all items of the first stream, then all items of the second, and so on. It completes
// when src and all streams have completed. It fails as soon as src or one of the streams fails, even if another
// stream is being emitted. concurrency must be positive.
//
//	src:            --1--2-----------|
//	ConcatMapEager: --a--a--a(bb)-b--|   f: a--a--a| or b--b--b|
//
// ConcatMapEager starts one goroutine for src and one for each stream that runs, and buffers up to 128 items per stream; a
// stream whose turn has not come waits with its next item. src waits while concurrency streams run or have items that
// wait. f is called on the goroutine that runs the operator.
func ConcatMapEager[A, B any](
	src observable.Observable[A], concurrency int, f func(A) observable.Observable[B],
) observable.Observable[B] {
	if src == nil || f == nil {
		panic("operators.ConcatMapEager: nil source or function")
	}
	must.Positive("operators.ConcatMapEager", "concurrency", concurrency)
	return func(ctx context.Context, emit func(B) bool) (err error) {
		l := engine.NewLanes(ctx)
		defer l.Close(&err)
		places := make(chan struct{}, concurrency)
		in := new(engine.Intake)
		outer := engine.Open(l, placed(src, places, in))
		var line []*engine.Lane[B]
		return l.Each(func() engine.Step {
			for outer.Has() {
				inner := engine.Inner("operators.ConcatMapEager: f returned", f(outer.Take()))
				line = append(line, engine.Open(l, inner))
				in.Pending.Add(-1)
			}
			if len(line) == 0 {
				return outer.WaitOrEnd()
			}
			step := emitWaiting(l, line[0], emit)
			if step != engine.End || l.Result() != nil {
				return step
			}
			engine.Drop(l, line[0])
			line = line[1:]
			<-places
			return engine.More
		})
	}
}

// emitWaiting emits the items of a lane.
func emitWaiting[T any](l *engine.Lanes, lane *engine.Lane[T], emit func(T) bool) engine.Step {
	if !lane.Has() {
		return lane.WaitOrEnd()
	}
	if more, err := engine.SendAll(l.Parent, emit, lane.TakeAll()); !more && err == nil {
		return engine.Stop
	}
	return engine.More
}
