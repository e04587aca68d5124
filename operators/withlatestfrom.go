package operators

import (
	"context"
	"sync/atomic"

	"github.com/rivulet-go/rivulet/internal/must"
	"github.com/rivulet-go/rivulet/observable"
)

// WithLatestFrom emits f of every item of src and the newest item of other. Items of src that come before the first of
// other are dropped. It completes with src; that other is complete means nothing, and its newest item stays. It fails
// with the first of the two that fails.
//
//	src:            --1-----2--3-----|
//	other:          ----x-y-----z-|
//	WithLatestFrom: --------A--B-----|   A: f(2, y), B: f(3, y)
//
// WithLatestFrom starts one goroutine, for other, which is never held up; the items of src do not change goroutine and
// nothing is buffered. src is run when other has come to wait, so that what it emits at once, such as the value of a
// [observable.BehaviorSubject], comes first.
func WithLatestFrom[A, B, R any](
	src observable.Observable[A], other observable.Observable[B], f func(A, B) R,
) observable.Observable[R] {
	must.NotNil("operators.WithLatestFrom", src, other, f)
	return func(ctx context.Context, emit func(R) bool) (err error) {
		s := newScope(ctx)
		defer s.close(&err)
		var latest atomic.Pointer[B]
		watch(s, other, func(b B) bool {
			latest.Store(&b)
			return true
		})
		return own(s, src, func(a A) bool {
			b := latest.Load()
			return b == nil || emit(f(a, *b))
		})
	}
}
