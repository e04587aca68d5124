package operators

import (
	"context"
	"sync/atomic"

	"github.com/rivulet-go/rivulet/internal/cause"
	"github.com/rivulet-go/rivulet/internal/must"
	"github.com/rivulet-go/rivulet/observable"
)

// Race runs all sources and becomes the one that gives the first sign, be it an item, its completion or its failure.
// The others are cancelled at once; what fails while they end is joined to the result. Without sources it is empty.
//
//	a:    ----1--2--|
//	b:    --x----y----z--|
//	Race: --x----y----z--|
//
// Race is concurrent: it starts a goroutine for each source.
func Race[T any](sources ...observable.Observable[T]) observable.Observable[T] {
	sources = must.Sources("operators.Race", sources)
	return func(ctx context.Context, emit func(T) bool) (err error) {
		h := newHub[T](ctx)
		defer h.close(&err)
		var r racing
		for range sources {
			ctx, cancel := context.WithCancelCause(h.ctx)
			r.contexts, r.cancels = append(r.contexts, ctx), append(r.cancels, cancel)
		}
		for i, src := range sources {
			h.start(func(_ context.Context, emit func(T) bool) error {
				failure, told := attend(r.contexts[i], src, func(v T) bool { return r.leads(i) && emit(v) })
				switch leads := r.leads(i); {
				case leads && told:
					return cause.Join(context.Cause(h.ctx), failure)
				case leads:
					return failure
				case told:
					h.addLate(failure)
				}
				return nil
			})
		}
		return h.each(emit)
	}
}

type racing struct {
	contexts []context.Context
	cancels  []context.CancelCauseFunc
	winner   atomic.Int64 // counted from 1
}

// leads is asked by a source that gives a sign, which makes the first to ask the winner.
func (r *racing) leads(i int) bool {
	self := int64(i + 1)
	switch r.winner.Load() {
	case self:
		return true
	case 0:
		if !r.winner.CompareAndSwap(0, self) {
			return false
		}
		for other, cancel := range r.cancels {
			if other != i {
				cancel(errEnded)
			}
		}
		return true
	default:
		return false
	}
}
