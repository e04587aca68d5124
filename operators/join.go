package operators

import (
	"context"
	"time"

	"github.com/rivulet-go/rivulet/internal/clock"
	"github.com/rivulet-go/rivulet/internal/engine"
	"github.com/rivulet-go/rivulet/internal/must"
	"github.com/rivulet-go/rivulet/observable"
)

// Join emits f of every item of a and every item of b that came at most window apart. It emits a pair when its later item
// arrives; an item that matches several earlier items is paired with the oldest first. It completes when a and b have
// completed, or as soon as no pair can follow because one has completed and its items are too old. It fails with the first
// failure. window must be positive.
//
//	a:    --1-----2-----------|
//	b:    ----x------y---z--|
//	Join: ----A------B------|      window: 3 places, A: f(1, x), B: f(2, y)
//
// Join starts one goroutine per source and buffers up to 128 items per source. It also keeps the items of the last window,
// without a bound on their number.
func Join[A, B, R any](
	a observable.Observable[A], b observable.Observable[B], window time.Duration, f func(A, B) R,
) observable.Observable[R] {
	if a == nil || b == nil || f == nil {
		panic("operators.Join: nil a, b or f")
	}
	must.Positive("operators.Join", "window", window)
	type message struct {
		kind int
		a    moment[A]
		b    moment[B]
	}
	const (
		itemOfA = iota
		itemOfB
		complete // one source is
		spent    // one source is, and its items are too old
	)
	return func(ctx context.Context, emit func(R) bool) (err error) {
		h := engine.NewHub[message](ctx, engine.Capacity)
		defer h.Close(&err)
		ends := [2]message{{kind: complete}, {kind: spent}}
		h.Start(lasting(a, window, func(v moment[A]) message { return message{kind: itemOfA, a: v} }, ends))
		h.Start(lasting(b, window, func(v moment[B]) message { return message{kind: itemOfB, b: v} }, ends))
		var as recent[A]
		var bs recent[B]
		running := 2
		// If ctx is done, Each returns the cause after this message.
		pair := func(a A, b B) bool { return ctx.Err() != nil || emit(f(a, b)) }
		return h.Each(func(m message) bool {
			switch m.kind {
			case itemOfA:
				return meet(window, m.a, &as, &bs, pair)
			case itemOfB:
				return meet(window, m.b, &bs, &as, func(b B, a A) bool { return pair(a, b) })
			case complete:
				running--
				return running > 0
			default:
				return false
			}
		})
	}
}

// A moment is an item and the time when it came.
type moment[T any] struct {
	item T
	at   time.Time
}

// lasting turns src into messages: one for each item, and two when src completes. The second one comes when the last item is
// older than window.
func lasting[T, M any](
	src observable.Observable[T], window time.Duration, message func(moment[T]) M, ends [2]M,
) observable.Observable[M] {
	return func(ctx context.Context, emit func(M) bool) error {
		out := engine.Gate[M]{Emit: emit}
		var last time.Time
		err := src(ctx, func(v T) bool {
			last = time.Now()
			return out.Send(message(moment[T]{v, last}))
		})
		if err != nil || out.Stopped || !out.Send(ends[0]) {
			return err
		}
		if err := clock.Sleep(ctx, time.Until(last.Add(window))+1); err != nil {
			return err
		}
		out.Send(ends[1])
		return nil
	}
}

// recent holds the items of one source that are not older than the window.
type recent[T any] []moment[T]

func (r *recent[T]) forget(before time.Time) {
	n := 0
	for n < len(*r) && (*r)[n].at.Before(before) {
		n++
	}
	clear((*r)[:n])
	*r = (*r)[n:]
}

// meet adds a new item of one source to own, and calls pair for it and each item of the other until pair returns false.
func meet[T, U any](window time.Duration, v moment[T], own *recent[T], other *recent[U], pair func(T, U) bool) bool {
	oldest := v.at.Add(-window)
	own.forget(oldest)
	other.forget(oldest)
	*own = append(*own, v)
	for _, u := range *other {
		if !pair(v.item, u.item) {
			return false
		}
	}
	return true
}
