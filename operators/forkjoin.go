package operators

import (
	"context"

	"github.com/rivulet-go/rivulet/internal/engine"
	"github.com/rivulet-go/rivulet/internal/must"
	"github.com/rivulet-go/rivulet/observable"
)

// ForkJoin runs all sources at the same time. When all have completed, it emits the last item of each, in the order of the
// sources. As soon as a source completes without an item, ForkJoin cancels the others and completes without an item. It
// fails with the first failure. Without sources it completes at once.
//
//	a:        --1--2--|
//	b:        ---x----y----|
//	ForkJoin: -------------(A|)   A: [2 y]
//
// ForkJoin starts one goroutine per source and holds one item per source.
func ForkJoin[T any](sources ...observable.Observable[T]) observable.Observable[[]T] {
	sources = must.Sources("operators.ForkJoin", sources)
	type message struct {
		last  T
		from  int
		empty bool
	}
	return func(ctx context.Context, emit func([]T) bool) (err error) {
		h := engine.NewHub[message](ctx, engine.Capacity)
		defer h.Close(&err)
		for i, src := range sources {
			h.Start(func(ctx context.Context, emit func(message) bool) error {
				m := message{from: i, empty: true}
				err := src(ctx, func(v T) bool {
					m.last, m.empty = v, false
					return true
				})
				if err == nil {
					emit(m)
				}
				return err
			})
		}
		last, missing := make([]T, len(sources)), len(sources)
		return h.Each(func(m message) bool {
			last[m.from] = m.last
			missing--
			return !m.empty && (missing > 0 || emit(last))
		})
	}
}
