package operators

import (
	"context"

	"github.com/rivulet-go/rivulet/internal/must"
	"github.com/rivulet-go/rivulet/observable"
)

// ForkJoin runs all sources at once and, when all are complete, emits the last item of each, as a slice in the order of
// the sources. As soon as one completes without an item it completes without one too, and cancels the others. It fails
// with the first that fails. Without sources it is empty.
//
//	a:        --1--2--|
//	b:        ---x----y----|
//	ForkJoin: -------------(A|)   A: [2 y]
//
// ForkJoin is concurrent: it starts a goroutine for each source. It holds one item of each.
func ForkJoin[T any](sources ...observable.Observable[T]) observable.Observable[[]T] {
	sources = must.Sources("operators.ForkJoin", sources)
	type message struct {
		last  T
		from  int
		empty bool
	}
	return func(ctx context.Context, emit func([]T) bool) (err error) {
		h := newHub[message](ctx)
		defer h.close(&err)
		for i, src := range sources {
			h.start(func(ctx context.Context, emit func(message) bool) error {
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
		return h.each(func(m message) bool {
			last[m.from] = m.last
			missing--
			return !m.empty && (missing > 0 || emit(last))
		})
	}
}
