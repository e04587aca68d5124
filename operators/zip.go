package operators

import (
	"context"

	"github.com/rivulet-go/rivulet/internal/must"
	"github.com/rivulet-go/rivulet/observable"
)

// Zip2 emits f of the first items of a and b, then f of their second items, and so on. It completes as soon as a
// source is complete whose items are used up, and cancels the other. When a source fails it fails at once, after
// the pairs that are complete.
//
//	a:    --1-----2-----3--|
//	b:    ----x-y----|
//	Zip2: ----A---B--|       A: f(1, x), B: f(2, y)
//
// Zip2 is concurrent: it starts a goroutine for each source. A source that is ahead of the others is held back when
// 128 of its items wait, beside as many that were fetched already.
func Zip2[A, B, R any](
	a observable.Observable[A], b observable.Observable[B], f func(A, B) R,
) observable.Observable[R] {
	must.NotNil("operators.Zip2", a, b, f)
	return func(ctx context.Context, emit func(R) bool) (err error) {
		l := newLanes(ctx)
		defer l.close(&err)
		as, bs := open(l, a), open(l, b)
		return l.rows(func() bool { return emit(f(as.take(), bs.take())) })
	}
}

// Zip3 is [Zip2] of three sources.
func Zip3[A, B, C, R any](
	a observable.Observable[A], b observable.Observable[B], c observable.Observable[C], f func(A, B, C) R,
) observable.Observable[R] {
	must.NotNil("operators.Zip3", a, b, c, f)
	return func(ctx context.Context, emit func(R) bool) (err error) {
		l := newLanes(ctx)
		defer l.close(&err)
		as, bs, cs := open(l, a), open(l, b), open(l, c)
		return l.rows(func() bool { return emit(f(as.take(), bs.take(), cs.take())) })
	}
}

// Zip4 is [Zip2] of four sources.
func Zip4[A, B, C, D, R any](
	a observable.Observable[A], b observable.Observable[B], c observable.Observable[C], d observable.Observable[D],
	f func(A, B, C, D) R,
) observable.Observable[R] {
	must.NotNil("operators.Zip4", a, b, c, d, f)
	return func(ctx context.Context, emit func(R) bool) (err error) {
		l := newLanes(ctx)
		defer l.close(&err)
		as, bs, cs, ds := open(l, a), open(l, b), open(l, c), open(l, d)
		return l.rows(func() bool { return emit(f(as.take(), bs.take(), cs.take(), ds.take())) })
	}
}

// ZipAll is [Zip2] of any number of sources of one type. It emits a new slice of their items, in their order. Without
// sources it is empty.
func ZipAll[T any](sources ...observable.Observable[T]) observable.Observable[[]T] {
	sources = must.Sources("operators.ZipAll", sources)
	return func(ctx context.Context, emit func([]T) bool) (err error) {
		if len(sources) == 0 {
			return context.Cause(ctx)
		}
		l := newLanes(ctx)
		defer l.close(&err)
		items := make([]*lane[T], len(sources))
		for i, src := range sources {
			items[i] = open(l, src)
		}
		return l.rows(func() bool {
			row := make([]T, len(items))
			for i, lane := range items {
				row[i] = lane.take()
			}
			return emit(row)
		})
	}
}

// rows calls row, which takes an item of each lane and returns false to stop, whenever there is one in each.
func (l *lanes) rows(row func() bool) error {
	return l.each(func() step {
		for l.parent.Err() == nil {
			switch full, over := l.row(); {
			case over:
				return stepEnd
			case !full:
				return stepWait
			case !row():
				return stepStop
			}
		}
		return stepAgain
	})
}

// row tells whether each lane has an item, and whether one is over.
func (l *lanes) row() (full, over bool) {
	full = true
	for _, lane := range l.all {
		if !lane.has() {
			full, over = false, over || lane.isOver()
		}
	}
	return full, over
}
