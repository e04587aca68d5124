package operators

import (
	"context"

	"github.com/rivulet-go/rivulet/internal/must"
	"github.com/rivulet-go/rivulet/observable"
)

// Scan folds the items into a state that begins with seed, and emits the state after every item.
//
//	src:  --1--2--3--|
//	Scan: --1--3--6--|   f: acc + v, seed: 0
func Scan[T, A any](src observable.Observable[T], seed A, f func(acc A, v T) A) observable.Observable[A] {
	must.NotNil("operators.Scan", src, f)
	return func(ctx context.Context, emit func(A) bool) error {
		acc := seed
		return src(ctx, func(v T) bool {
			acc = f(acc, v)
			return emit(acc)
		})
	}
}
