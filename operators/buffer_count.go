package operators

import (
	"context"
	"slices"

	"github.com/rivulet-go/rivulet/internal/engine"
	"github.com/rivulet-go/rivulet/internal/must"
	"github.com/rivulet-go/rivulet/observable"
)

// BufferCount emits slices of size items each and begins a new one with every every-th item: with every equal to
// size they follow one another, with a smaller one they overlap, with a greater one items between them are skipped.
// Both must be positive. When the source completes, slices that were begun are emitted as they are, the oldest
// first; when it fails they are dropped.
//
//	src:               --a--b--c----d--e----|
//	BufferCount(3, 2): --------[abc]---[cde]-([e]|)
//
// Each slice is newly allocated and belongs to the receiver. The operator holds up to size items.
func BufferCount[T any](src observable.Observable[T], size, every int) observable.Observable[[]T] {
	must.NotNil("operators.BufferCount", src)
	must.Positive("operators.BufferCount", "size", size)
	must.Positive("operators.BufferCount", "every", every)
	return func(ctx context.Context, emit func([]T) bool) error {
		out := engine.Gate[[]T]{Emit: emit}
		var open []T // from the first item of the oldest slice that was begun
		gap := 0     // items still to skip before the next slice begins
		err := src(ctx, func(v T) bool {
			if gap > 0 {
				gap--
				return true
			}
			open = append(open, v)
			if len(open) < size {
				return true
			}
			full := open
			open = append(make([]T, 0, size), full[min(every, size):]...)
			gap = max(every-size, 0)
			return out.Send(full)
		})
		if err != nil || out.Stopped {
			return err
		}
		for ; len(open) > 0; open = open[min(every, len(open)):] {
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
			if !emit(slices.Clone(open)) {
				return nil
			}
		}
		return nil
	}
}
