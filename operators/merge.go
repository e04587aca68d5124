package operators

import (
	"context"

	"github.com/rivulet-go/rivulet/internal/must"
	"github.com/rivulet-go/rivulet/observable"
)

// Merge runs all sources at once and emits their items as they come. The order of each source is kept, that between
// sources is the one of arrival. It completes when all sources have, and fails with the first that fails.
//
//	a:     --1-----2---|
//	b:     ----x-y-------|
//	Merge: --1-x-y-2-----|
//
// Merge is concurrent: it starts one goroutine for each source.
func Merge[T any](sources ...observable.Observable[T]) observable.Observable[T] {
	sources = must.Sources("operators.Merge", sources)
	return func(ctx context.Context, emit func(T) bool) (err error) {
		h := newHub[T](ctx)
		defer h.close(&err)
		for _, src := range sources {
			h.start(src)
		}
		return h.each(emit)
	}
}
