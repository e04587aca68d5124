package operators

import (
	"context"

	"github.com/rivulet-go/rivulet/internal/must"
	"github.com/rivulet-go/rivulet/observable"
)

// History emits after every item the last n items, the newest first: fewer at the beginning, and none, in an empty
// slice, when n is 0.
//
//	src:        --a----b----c----|
//	History(2): --[a]--[ba]--[cb]--|
//
// The receiver may keep a slice for ever, and append to it: no item of it is ever changed. It must not change one
// itself, since slices that follow one another share their memory.
//
// That memory comes in blocks of about 4n items, so that an item costs O(1) and an allocation is made every 3n items
// or so. A run holds one block; a slice that is kept holds the block that it lies in.
func History[T any](src observable.Observable[T], n int) observable.Observable[[]T] {
	must.NotNil("operators.History", src)
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

// past is a block that fills from its end towards its start. The latest items are a window at the border of what is
// free, and no slot is written twice, so that a window that was handed out stays as it is.
type past[T any] struct {
	limit int
	block []T
	free  int // slots of the block before the newest item
}

// renew begins a block with the present window. Its size follows what there is, not the limit: a short stream does
// not pay for a long history.
func (p *past[T]) renew() {
	kept := p.window()
	p.block = make([]T, 4*len(kept)+16)
	p.free = len(p.block) - len(kept)
	copy(p.block[p.free:], kept)
}

// window is the latest items. Its capacity ends with it, so that an append to it goes elsewhere.
func (p *past[T]) window() []T {
	end := p.free + min(p.limit, len(p.block)-p.free)
	return p.block[p.free:end:end]
}
