package operators

import (
	"context"

	"github.com/rivulet-go/rivulet/internal/engine"
	"github.com/rivulet-go/rivulet/internal/must"
	"github.com/rivulet-go/rivulet/observable"
)

// Expand emits every item of src, then the items of the stream that f makes of it, then those of the streams that f
// makes of these, and so on, level by level, until no stream has an item. Then it goes on with src. It fails with the
// first stream that fails.
//
//	src:    --1----------2----|
//	Expand: --1--2-3--4--2--4-|   f: 2 and 3 for 1, 4 for 2, nothing for others
//
// One stream runs at a time, on the goroutine that runs the operator. The items of the tree below one item of src that
// are still to be expanded are buffered, without a bound: f must come to an end, or something downstream must.
func Expand[T any](src observable.Observable[T], f func(T) observable.Observable[T]) observable.Observable[T] {
	must.NotNil("operators.Expand", src, f)
	return ConcatMap(src, func(root T) observable.Observable[T] { return tree(root, f) })
}

// tree emits root and what is below it.
func tree[T any](root T, f func(T) observable.Observable[T]) observable.Observable[T] {
	return func(ctx context.Context, emit func(T) bool) error {
		out := engine.Gate[T]{Emit: emit}
		if !out.Send(root) {
			return nil
		}
		for level := []T{root}; len(level) > 0; {
			var below []T
			for _, v := range level {
				err := f(v)(ctx, func(v T) bool {
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
