package operators

import (
	"context"

	"github.com/rivulet-go/rivulet/internal/engine"
	"github.com/rivulet-go/rivulet/observable"
)

// beside runs src and another stream at once, and hands the items of the first to receive and those of the second to
// notice, both on the goroutine that runs the operator. It ends when src is complete, when one of the two streams
// fails or one of the two functions returns false. That the other stream is complete means nothing.
func beside[A, B any](
	ctx context.Context,
	src observable.Observable[A], receive func(A) bool,
	other observable.Observable[B], notice func(B) bool,
) (err error) {
	type arrival struct {
		item    A
		aside   B
		isAside bool
		isEnd   bool
	}
	h := newHub[arrival](ctx)
	defer h.close(&err)
	h.start(Map(other, func(b B) arrival { return arrival{aside: b, isAside: true} }))
	h.start(marked(src, func(a A) arrival { return arrival{item: a} }, func() arrival { return arrival{isEnd: true} }))
	return h.each(func(m arrival) bool {
		switch {
		case m.isEnd:
			return false
		case m.isAside:
			return notice(m.aside)
		default:
			return receive(m.item)
		}
	})
}

// marked is what an operator makes of a source of a hub when it must know that this source is complete: every item
// becomes a message and, after the last one, the completion does.
func marked[A, M any](src observable.Observable[A], item func(A) M, completion func() M) observable.Observable[M] {
	return func(ctx context.Context, emit func(M) bool) error {
		out := engine.Gate[M]{Emit: emit}
		err := src(ctx, func(a A) bool { return out.Send(item(a)) })
		if err == nil && !out.Stopped {
			emit(completion())
		}
		return err
	}
}
