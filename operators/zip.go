package operators

import (
	"context"

	"github.com/rivulet-go/rivulet/internal/engine"
	"github.com/rivulet-go/rivulet/internal/must"
	"github.com/rivulet-go/rivulet/observable"
)

// Zip2 emits f of the first item of a and the first item of b, then f of their second items, and so on. As soon as a source
// has completed and its items are used up, Zip2 cancels the other and completes. When a source fails, Zip2 fails after the
// pairs that are there.
//
//	a:    --1-----2-----3--|
//	b:    ----x-y----|
//	Zip2: ----A---B--|       A: f(1, x), B: f(2, y)
//
// Zip2 starts one goroutine per source and buffers up to 128 items per source, in addition to as many that it has fetched
// already. A source that is further ahead has to wait.
func Zip2[A, B, R any](
	a observable.Observable[A], b observable.Observable[B], f func(A, B) R,
) observable.Observable[R] {
	if a == nil || b == nil || f == nil {
		panic("operators.Zip2: nil a, b or f")
	}
	return func(ctx context.Context, emit func(R) bool) (err error) {
		l := engine.NewLanes(ctx)
		defer l.Close(&err)
		as, bs := engine.Open(l, a), engine.Open(l, b)
		return rows(l, func() bool { return emit(f(as.Take(), bs.Take())) })
	}
}

// Zip3 is [Zip2] of three sources.
func Zip3[A, B, C, R any](
	a observable.Observable[A], b observable.Observable[B], c observable.Observable[C], f func(A, B, C) R,
) observable.Observable[R] {
	if a == nil || b == nil || c == nil || f == nil {
		panic("operators.Zip3: nil a, b, c or f")
	}
	return func(ctx context.Context, emit func(R) bool) (err error) {
		l := engine.NewLanes(ctx)
		defer l.Close(&err)
		as, bs, cs := engine.Open(l, a), engine.Open(l, b), engine.Open(l, c)
		return rows(l, func() bool { return emit(f(as.Take(), bs.Take(), cs.Take())) })
	}
}

// Zip4 is [Zip2] of four sources.
func Zip4[A, B, C, D, R any](
	a observable.Observable[A], b observable.Observable[B], c observable.Observable[C], d observable.Observable[D],
	f func(A, B, C, D) R,
) observable.Observable[R] {
	if a == nil || b == nil || c == nil || d == nil || f == nil {
		panic("operators.Zip4: nil a, b, c, d or f")
	}
	return func(ctx context.Context, emit func(R) bool) (err error) {
		l := engine.NewLanes(ctx)
		defer l.Close(&err)
		as, bs, cs, ds := engine.Open(l, a), engine.Open(l, b), engine.Open(l, c), engine.Open(l, d)
		return rows(l, func() bool { return emit(f(as.Take(), bs.Take(), cs.Take(), ds.Take())) })
	}
}

// ZipAll is [Zip2] of any number of sources of one type. It emits their items in the order of the sources, each time in a
// new slice. Without sources it completes at once.
func ZipAll[T any](sources ...observable.Observable[T]) observable.Observable[[]T] {
	sources = must.Sources("operators.ZipAll", sources)
	return func(ctx context.Context, emit func([]T) bool) (err error) {
		if len(sources) == 0 {
			return context.Cause(ctx)
		}
		l := engine.NewLanes(ctx)
		defer l.Close(&err)
		items := make([]*engine.Lane[T], len(sources))
		for i, src := range sources {
			items[i] = engine.Open(l, src)
		}
		return rows(l, func() bool {
			row := make([]T, len(items))
			for i, lane := range items {
				row[i] = lane.Take()
			}
			return emit(row)
		})
	}
}

// rows calls row, which takes an item of each lane and returns false to stop, whenever each lane has one.
func rows(l *engine.Lanes, row func() bool) error {
	return l.Each(func() engine.Step {
		for l.Parent.Err() == nil {
			switch full, over := l.Row(); {
			case over:
				return engine.End
			case !full:
				return engine.Wait
			case !row():
				return engine.Stop
			}
		}
		return engine.More
	})
}
