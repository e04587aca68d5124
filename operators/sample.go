package operators

import (
	"context"

	"github.com/rivulet-go/rivulet/internal/engine"
	"github.com/rivulet-go/rivulet/observable"
)

// Sample emits the latest item of src whenever notifier emits, unless src has emitted nothing since the previous sample.
// It completes when src does, without emitting what came after the last sample, and fails with the first failure of src
// or notifier. If notifier completes, sampling stops but the stream stays open, as in RxJS. (RxJava completes the stream.)
//
//	src:      -1-2-----3-4-|
//	notifier: ----x--x--x---
//	Sample:   ----2-----3--|
//
// Sample starts two goroutines and buffers up to 128 items per source.
func Sample[T, N any](src observable.Observable[T], notifier observable.Observable[N]) observable.Observable[T] {
	if src == nil || notifier == nil {
		panic("operators.Sample: nil source or notifier")
	}
	return func(ctx context.Context, emit func(T) bool) error {
		kept := latest[T]{Gate: engine.Gate[T]{Emit: emit}}
		return runBoth(ctx, src, kept.keep, notifier, func(N) bool { return kept.flush() })
	}
}

// latest keeps an item until flush emits it, unless a newer one comes first.
type latest[T any] struct {
	engine.Gate[T]
	value T
	waits bool
}

func (l *latest[T]) keep(v T) bool {
	l.value, l.waits = v, true
	return true
}

// flush emits the item that waits, if there is one.
func (l *latest[T]) flush() bool {
	if !l.waits {
		return true
	}
	v := l.value
	*l = latest[T]{Gate: l.Gate} // drops the reference to the item
	return l.Send(v)
}

// runBoth runs src and another stream at the same time. It calls receive for the items of src and notice for those of
// other, both on the goroutine that runs the operator. It ends when src completes, when one of the streams fails, or
// when one of the functions returns false.
func runBoth[A, B any](
	ctx context.Context,
	src observable.Observable[A], receive func(A) bool,
	other observable.Observable[B], notice func(B) bool,
) (err error) {
	type message struct {
		item  A
		other B
		from  int
	}
	const (
		fromSource = iota
		fromOther
		end // of src
	)
	h := engine.NewHub[message](ctx, engine.Capacity)
	defer h.Close(&err)
	h.Start(Map(other, func(b B) message { return message{other: b, from: fromOther} }))
	h.Start(engine.Marked(src,
		func(a A) message { return message{item: a} },
		func() message { return message{from: end} }))
	return h.Each(func(m message) bool {
		switch m.from {
		case fromSource:
			return receive(m.item)
		case fromOther:
			return notice(m.other)
		default:
			return false
		}
	})
}
