package operators

import (
	"context"
	"sync/atomic"

	"github.com/rivulet-go/rivulet/internal/engine"
	"github.com/rivulet-go/rivulet/observable"
)

// SwitchMap runs the stream that f returns for the latest item and emits its items. When the next item comes, SwitchMap
// emits nothing more of that stream and cancels it. When the stream has ended, it calls f for the latest item and runs the
// next stream; items that were overtaken meanwhile are dropped. SwitchMap completes when src and the last stream have
// completed. It fails with the first failure, also that of a stream that fails to stop cleanly when it is canceled.
//
//	src:       --1------2----------|
//	SwitchMap: --a--a--ab--b--b----|   f: a--a--a--a| or b--b--b|
//
// SwitchMap starts one goroutine for src and one for the streams, and buffers up to 128 items of each. f is called on the
// goroutine that runs the operator.
func SwitchMap[A, B any](
	src observable.Observable[A], f func(A) observable.Observable[B],
) observable.Observable[B] {
	if src == nil || f == nil {
		panic("operators.SwitchMap: nil source or function")
	}
	return func(ctx context.Context, emit func(B) bool) (err error) {
		h := engine.NewHub[switched[A, B]](ctx, engine.Capacity)
		defer h.Close(&err)
		s := switcher[A, B]{group: &h.Group, f: f, emit: emit, turns: make(chan turn[B], 1), cancel: func() {}}
		h.Start(engine.Marked(src,
			func(a A) switched[A, B] { return switched[A, B]{outer: a, kind: outerItem, number: s.latest.Add(1)} },
			func() switched[A, B] { return switched[A, B]{kind: outerEnd} }))
		h.Start(s.runTurns)
		return h.Each(s.receive)
	}
}

// SwitchAll runs the latest of the streams that src emits. It is [SwitchMap] of streams.
func SwitchAll[T any](src observable.Observable[observable.Observable[T]]) observable.Observable[T] {
	if src == nil {
		panic("operators.SwitchAll: nil source")
	}
	return SwitchMap(src, itself)
}

// switched is a message to a switcher.
type switched[A, B any] struct {
	outer  A
	inner  B
	kind   int
	number int64 // of the outer item that it is, or that its stream belongs to
}

// The kinds of a message.
const (
	innerItem = iota
	outerItem
	outerEnd
	turnEnd
)

// A turn is the stream of one outer item. Only one runs at a time.
type turn[B any] struct {
	ctx    context.Context
	stream observable.Observable[B]
	number int64
}

// switcher is one run of SwitchMap.
type switcher[A, B any] struct {
	group  *engine.Group
	f      func(A) observable.Observable[B]
	emit   func(B) bool
	latest atomic.Int64 // the number of the latest outer item
	turns  chan turn[B]

	// The rest belongs to the goroutine that runs the operator.
	running bool
	waiting bool // for the end of a turn; next is the outer item
	next    switched[A, B]
	ended   bool   // src has completed
	cancel  func() // cancels the current turn
}

// runTurns is the source of a hub that runs one turn after the other.
func (s *switcher[A, B]) runTurns(ctx context.Context, emit func(switched[A, B]) bool) error {
	for {
		select {
		case t := <-s.turns:
			out := engine.Gate[B]{Emit: func(b B) bool { return emit(switched[A, B]{inner: b, number: t.number}) }}
			if failure := engine.Run(s.group, t.ctx, t.stream, &out); failure != nil {
				return failure
			}
			if !emit(switched[A, B]{kind: turnEnd}) {
				return nil
			}
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

func (s *switcher[A, B]) receive(m switched[A, B]) (more bool) {
	switch m.kind {
	case innerItem:
		return m.number != s.latest.Load() || s.emit(m.inner)
	case outerItem:
		s.next, s.waiting = m, true
		s.cancel()
	case outerEnd:
		s.ended = true
	case turnEnd:
		s.running = false
	}
	if s.waiting && !s.running {
		s.begin()
	}
	return s.running || !s.ended
}

// begin starts the turn of the outer item that waits, unless that was overtaken: then the next one follows soon.
func (s *switcher[A, B]) begin() {
	s.waiting = false
	if s.next.number != s.latest.Load() {
		return
	}
	ctx, cancel := s.group.Child()
	s.cancel, s.running = cancel, true
	s.turns <- turn[B]{ctx: ctx, stream: engine.Inner("operators.SwitchMap: f returned", s.f(s.next.outer)), number: s.next.number}
}
