package operators

import (
	"context"
	"sync/atomic"

	"github.com/rivulet-go/rivulet/internal/must"
	"github.com/rivulet-go/rivulet/observable"
)

// SwitchMap runs the stream that f makes of the newest item. When the next item comes, nothing more of that stream is
// emitted; it is cancelled, and when it has ended f is called and the next stream run. An item that is overtaken by
// another before that is skipped. SwitchMap completes when src and the last stream have, and fails with the first that
// fails, also with one that fails to end cleanly when it is cancelled.
//
//	src:       --1------2----------|
//	SwitchMap: --a--a--ab--b--b----|   f: a--a--a--a| or b--b--b|
//
// SwitchMap is concurrent: it starts a goroutine for src and one for the stream that runs. f is called on the
// goroutine that runs the operator.
func SwitchMap[A, B any](
	src observable.Observable[A], f func(A) observable.Observable[B],
) observable.Observable[B] {
	must.NotNil("operators.SwitchMap", src, f)
	type message struct {
		outer      A
		inner      B
		isOuter    bool
		generation int64 // the number of the outer item that it is, or from which it stems
	}
	return func(ctx context.Context, emit func(B) bool) (err error) {
		h := newHub[message](ctx)
		defer h.close(&err)
		var newest atomic.Int64
		h.start(Map(src, func(a A) message { return message{outer: a, isOuter: true, generation: newest.Add(1)} }))
		stop := func() {}
		return h.each(func(m message) bool {
			if m.generation != newest.Load() {
				return true
			}
			if !m.isOuter {
				return emit(m.inner)
			}
			stop()
			stop = h.branch(Map(f(m.outer), func(b B) message { return message{inner: b, generation: m.generation} }))
			return true
		})
	}
}

// SwitchAll runs the newest of the streams that src emits. It is [SwitchMap] with streams for items.
func SwitchAll[T any](src observable.Observable[observable.Observable[T]]) observable.Observable[T] {
	must.NotNil("operators.SwitchAll", src)
	return SwitchMap(src, itself)
}
