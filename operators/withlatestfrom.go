package operators

import (
	"context"
	"sync/atomic"

	"github.com/rivulet-go/rivulet/internal/engine"
	"github.com/rivulet-go/rivulet/observable"
)

// WithLatestFrom emits f of every item of src and the latest item of other. It drops the items of src that come before the
// first item of other. It completes when src does, and fails with the first failure of src or other. If other completes,
// its latest item remains in use.
//
//	src:            --1-----2--3-----|
//	other:          ----x-y-----z-|
//	WithLatestFrom: --------A--B-----|   A: f(2, y), B: f(3, y)
//
// WithLatestFrom starts other first and holds back the first signal of src until other has ended, for a millisecond at
// most. So what other emits at once, such as the value of a [observable.BehaviorSubject], is there for that item.
//
// WithLatestFrom starts one goroutine, for other, which is never held up, and buffers nothing. The items of src do not
// change goroutine.
func WithLatestFrom[A, B, R any](
	src observable.Observable[A], other observable.Observable[B], f func(A, B) R,
) observable.Observable[R] {
	if src == nil || other == nil || f == nil {
		panic("operators.WithLatestFrom: nil source, other or function")
	}
	return func(ctx context.Context, emit func(R) bool) (err error) {
		g := engine.NewGroup(ctx)
		defer g.Close(&err)
		var latest atomic.Pointer[B]
		first := startLead(g, other, func(b B) bool {
			latest.Store(&b)
			return true
		})
		return runAfter(first, src, func(a A) bool {
			b := latest.Load()
			return b == nil || emit(f(a, *b))
		})
	}
}
