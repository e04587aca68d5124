package operators

import (
	"context"
	"sync/atomic"

	"github.com/rivulet-go/rivulet/internal/engine"
	"github.com/rivulet-go/rivulet/internal/must"
	"github.com/rivulet-go/rivulet/observable"
)

// Race runs all sources and becomes the one that gives the first signal: an item, its completion or its failure. It cancels
// the others at once; if one of them fails to stop cleanly, the error is joined to the result. Without sources it completes
// at once.
//
//	a:    ----1--2--|
//	b:    --x----y----z--|
//	Race: --x----y----z--|
//
// Race starts one goroutine per source and buffers up to 128 items.
func Race[T any](sources ...observable.Observable[T]) observable.Observable[T] {
	sources = must.Sources("operators.Race", sources)
	return func(ctx context.Context, emit func(T) bool) (err error) {
		var r race
		defer r.close(&err) // after h, whose goroutines use the groups
		h := engine.NewHub[T](ctx, engine.Capacity)
		defer h.Close(&err)
		for range sources {
			r.groups = append(r.groups, engine.NewGroup(h.Ctx))
		}
		for i, src := range sources {
			h.Start(func(_ context.Context, emit func(T) bool) error {
				g := r.groups[i]
				out := engine.Gate[T]{Emit: func(v T) bool { return r.leads(i) && emit(v) }}
				if failure := engine.Run(g, g.Ctx, src, &out); r.leads(i) {
					return failure
				}
				return nil
			})
		}
		return h.Each(emit)
	}
}

// A race has a group for each source, so that each can be canceled alone.
type race struct {
	groups []*engine.Group
	winner atomic.Int64 // counted from 1
}

// leads reports whether source i is the winner. The first source that asks becomes the winner.
func (r *race) leads(i int) bool {
	self := int64(i + 1)
	if r.winner.Load() == 0 && r.winner.CompareAndSwap(0, self) {
		for other, g := range r.groups {
			if other != i {
				g.Cancel()
			}
		}
	}
	return r.winner.Load() == self
}

func (r *race) close(err *error) {
	for _, g := range r.groups {
		g.Close(err)
	}
}
