package operators

import (
	"context"

	"github.com/rivulet-go/rivulet/internal/must"
	"github.com/rivulet-go/rivulet/observable"
)

// History emits a slice of the last n items after each item, with the newest item first. While src has emitted fewer
// than n items, the slice holds all of them. If n is 0, every slice is empty.
//
//	src:        --a----b----c----|
//	History(2): --[a]--[ba]--[cb]--|
//
// The receiver may keep a slice and append to it, because History never changes an item of it. The receiver must not
// change an item either: consecutive slices share memory.
//
// # Implementation notes
//
// Slices are parts of blocks of about 4n items. So History allocates about once every 3n items, and an item takes
// constant time on average. A run holds one block. A slice that the receiver keeps holds its whole block.
func History[T any](src observable.Observable[T], n int) observable.Observable[[]T] {
	if src == nil {
		panic("operators.History: nil source")
	}
	must.NotNegative("operators.History", "n", n)
	return func(ctx context.Context, emit func([]T) bool) error {
		latest := past[T]{limit: n}
		return src(ctx, func(v T) bool {
			if latest.free == 0 {
				latest.renew()
			}
			latest.free--
			latest.block[latest.free] = v
			return emit(latest.window())
		})
	}
}

// past is a block that fills from its end towards its start. The latest items are a window that begins where the free
// slots end. No slot is written twice; otherwise a slice that was emitted earlier would change.
type past[T any] struct {
	limit int
	block []T
	free  int // slots of the block before the newest item
}

// renew starts a new block with the items of the window. The size of the block depends on the number of these items
// and not on the limit, so that a short stream does not pay for a large limit.
func (p *past[T]) renew() {
	kept := p.window()
	p.block = make([]T, 4*len(kept)+16)
	p.free = len(p.block) - len(kept)
	copy(p.block[p.free:], kept)
}

// window returns the latest items. The capacity of the slice is its length, so that an append allocates a new array.
func (p *past[T]) window() []T {
	end := p.free + min(p.limit, len(p.block)-p.free)
	return p.block[p.free:end:end]
}
