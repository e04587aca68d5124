package operators

import (
	"context"

	"github.com/rivulet-go/rivulet/internal/engine"
	"github.com/rivulet-go/rivulet/observable"
)

// Expand emits each item and recursively expands it. It calls f for the item and emits the items of the stream that f
// returns. Then it expands these in the same way, level by level, until a level has no items. After that src
// continues. If a stream fails, Expand stops src and fails with that error.
//
//	src:    --1----------2----|
//	Expand: --1--2-3--4--2--4-|   f: 2 and 3 for 1, 4 for 2, nothing for others
//
// Expand runs one stream at a time. It buffers the items of one level without a limit, so f must return an empty stream
// eventually, or a later stage must stop the run.
func Expand[T any](src observable.Observable[T], f func(T) observable.Observable[T]) observable.Observable[T] {
	if src == nil || f == nil {
		panic("operators.Expand: nil source or function")
	}
	return ConcatMap(src, func(root T) observable.Observable[T] { return tree(root, f) })
}

// tree emits root and all items that it expands to.
func tree[T any](root T, f func(T) observable.Observable[T]) observable.Observable[T] {
	return func(ctx context.Context, emit func(T) bool) error {
		out := engine.Gate[T]{Emit: emit}
		if !out.Send(root) {
			return nil
		}
		for level := []T{root}; len(level) > 0; {
			var below []T
			for _, v := range level {
				err := engine.Inner("operators.Expand: f returned", f(v))(ctx, func(v T) bool {
					below = append(below, v)
					return out.Send(v)
				})
				if err != nil || out.Stopped {
					return err
				}
			}
			level = below
		}
		return nil
	}
}
