package operators

import (
	"context"

	"github.com/rivulet-go/rivulet/internal/engine"
	"github.com/rivulet-go/rivulet/internal/must"
	"github.com/rivulet-go/rivulet/observable"
)

// Sample emits the latest item of src at each item of the notifier, unless there was none since the one before.
// It completes when src does, without what came since the last sample. That the notifier is complete only means that
// there are no more samples, as in RxJS (RxJava then completes); if it fails, so does the result.
//
//	src:      -1-2-----3-4-|
//	notifier: ----x--x--x---
//	Sample:   ----2-----3--|
//
// Sample is concurrent: it starts two goroutines.
func Sample[T, N any](src observable.Observable[T], notifier observable.Observable[N]) observable.Observable[T] {
	must.NotNil("operators.Sample", src, notifier)
	return func(ctx context.Context, emit func(T) bool) error {
		kept := latest[T]{Gate: engine.Gate[T]{Emit: emit}}
		return beside(ctx, src, kept.keep, notifier, func(N) bool { return kept.flush() })
	}
}

// latest keeps an item until it is time to emit it, unless a newer one comes first.
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
	*l = latest[T]{Gate: l.Gate} // the item must not be kept alive
	return l.Send(v)
}
