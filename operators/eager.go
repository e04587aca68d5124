package operators

import (
	"context"

	"github.com/rivulet-go/rivulet/internal/engine"
	"github.com/rivulet-go/rivulet/internal/must"
	"github.com/rivulet-go/rivulet/observable"
)

// ConcatMapEager runs the streams that f makes of the items, up to concurrency of them at once, and emits their items
// in the order of src: all of the first stream, then all of the second, and so on. It completes when src and all of
// these streams have. It fails as soon as one of them or src does, whichever is being emitted.
//
//	src:            --1--2-----------|
//	ConcatMapEager: --a--a--a(bb)-b--|   f: a--a--a| or b--b--b|
//
// ConcatMapEager is concurrent: it starts a goroutine for src and one for each stream that runs. f is called on the
// goroutine that runs the operator. Of each stream whose turn is to come 128 items wait, then the stream has to; src
// waits while concurrency streams run or have items that wait.
func ConcatMapEager[A, B any](
	src observable.Observable[A], concurrency int, f func(A) observable.Observable[B],
) observable.Observable[B] {
	must.NotNil("operators.ConcatMapEager", src, f)
	must.Positive("operators.ConcatMapEager", "concurrency", concurrency)
	return func(ctx context.Context, emit func(B) bool) (err error) {
		l := newLanes(ctx)
		defer l.close(&err)
		places := make(chan struct{}, concurrency)
		outer := open(l, queued(src, places))
		var line []*lane[B]
		return l.each(func() step {
			for outer.has() {
				line = append(line, open(l, f(outer.take())))
			}
			if len(line) == 0 {
				return outer.endOrWait()
			}
			next := emitWaiting(l.parent, line[0], emit)
			if next != stepEnd || line[0].failure() != nil {
				return next
			}
			l.drop(line[0])
			line = line[1:]
			<-places
			return stepAgain
		})
	}
}

// emitWaiting emits what waits in a lane.
func emitWaiting[T any](ctx context.Context, l *lane[T], emit func(T) bool) step {
	if !l.has() {
		return l.endOrWait()
	}
	if more, err := engine.SendAll(ctx, emit, l.takeAll()); !more && err == nil {
		return stepStop
	}
	return stepAgain
}
