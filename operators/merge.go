package operators

import (
	"context"

	"github.com/rivulet-go/rivulet/internal/engine"
	"github.com/rivulet-go/rivulet/internal/must"
	"github.com/rivulet-go/rivulet/observable"
)

// Merge runs all sources at the same time and emits their items as they arrive. It keeps the order of each source.
// It completes when all sources have completed, and fails with the first failure.
//
//	a:     --1-----2---|
//	b:     ----x-y-------|
//	Merge: --1-x-y-2-----|
//
// Merge starts one goroutine per source and buffers up to 128 items per source.
func Merge[T any](sources ...observable.Observable[T]) observable.Observable[T] {
	sources = must.Sources("operators.Merge", sources)
	return func(ctx context.Context, emit func(T) bool) (err error) {
		h := engine.NewHub[T](ctx, engine.Capacity)
		defer h.Close(&err)
		for _, src := range sources {
			h.Start(src)
		}
		return h.Each(emit)
	}
}
