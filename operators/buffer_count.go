package operators

import (
	"context"
	"slices"

	"github.com/rivulet-go/rivulet/internal/engine"
	"github.com/rivulet-go/rivulet/internal/must"
	"github.com/rivulet-go/rivulet/observable"
)

// BufferCount emits slices of size consecutive items. It starts a new slice at every every-th item. If every equals
// size, each item is in one slice. If every is smaller, slices overlap; if it is larger, the items between two slices
// are skipped. Both must be positive. When src completes, BufferCount emits the unfinished slices, oldest first. When
// src fails, it discards them.
//
//	src:               --a--b--c----d--e----|
//	BufferCount(3, 2): --------[abc]---[cde]-([e]|)
//
// Each slice is newly allocated, and the receiver owns it. BufferCount buffers up to size items.
func BufferCount[T any](src observable.Observable[T], size, every int) observable.Observable[[]T] {
	if src == nil {
		panic("operators.BufferCount: nil source")
	}
	must.Positive("operators.BufferCount", "size", size)
	must.Positive("operators.BufferCount", "every", every)
	return func(ctx context.Context, emit func([]T) bool) error {
		out := engine.Gate[[]T]{Emit: emit}
		var open []T // the items since the start of the oldest unfinished slice
		gap := 0     // items to skip before the next slice starts
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
