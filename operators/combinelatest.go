package operators

import (
	"context"
	"slices"

	"github.com/rivulet-go/rivulet/internal/engine"
	"github.com/rivulet-go/rivulet/internal/must"
	"github.com/rivulet-go/rivulet/observable"
)

// CombineLatest2 emits f of the latest items of a and b whenever one of them emits, once both have emitted. It completes
// when both have completed, or as soon as one completes without an item. It fails with the first failure.
//
//	a:              --1--------2-----|
//	b:              -----x--y-----|
//	CombineLatest2: -----A--B--C-----|   A: f(1, x), B: f(1, y), C: f(2, y)
//
// CombineLatest2 starts one goroutine per source and buffers up to 128 items per source.
func CombineLatest2[A, B, R any](
	a observable.Observable[A], b observable.Observable[B], f func(A, B) R,
) observable.Observable[R] {
	if a == nil || b == nil || f == nil {
		panic("operators.CombineLatest2: nil a, b or f")
	}
	return combineLatest4[A, B, none, none](a, b, nil, nil, func(a A, b B, _, _ none) R { return f(a, b) })
}

// CombineLatest3 is [CombineLatest2] of three sources.
func CombineLatest3[A, B, C, R any](
	a observable.Observable[A], b observable.Observable[B], c observable.Observable[C], f func(A, B, C) R,
) observable.Observable[R] {
	if a == nil || b == nil || c == nil || f == nil {
		panic("operators.CombineLatest3: nil a, b, c or f")
	}
	return combineLatest4[A, B, C, none](a, b, c, nil, func(a A, b B, c C, _ none) R { return f(a, b, c) })
}

// CombineLatest4 is [CombineLatest2] of four sources.
func CombineLatest4[A, B, C, D, R any](
	a observable.Observable[A], b observable.Observable[B], c observable.Observable[C], d observable.Observable[D],
	f func(A, B, C, D) R,
) observable.Observable[R] {
	if a == nil || b == nil || c == nil || d == nil || f == nil {
		panic("operators.CombineLatest4: nil a, b, c, d or f")
	}
	return combineLatest4(a, b, c, d, f)
}

// CombineLatestAll is [CombineLatest2] of any number of sources of one type. It emits the latest items in the order of the
// sources, each time in a new slice. Without sources it completes at once.
func CombineLatestAll[T any](sources ...observable.Observable[T]) observable.Observable[[]T] {
	sources = must.Sources("operators.CombineLatestAll", sources)
	return combineLatest(sources, func() (keep func(int, T), combine func() []T) {
		latest := make([]T, len(sources))
		return func(from int, v T) { latest[from] = v }, func() []T { return slices.Clone(latest) }
	})
}

// none is the type of the items of a missing source.
type none = struct{}

// combineLatest4 is CombineLatest4 in which c and d may be nil.
func combineLatest4[A, B, C, D, R any](
	a observable.Observable[A], b observable.Observable[B], c observable.Observable[C], d observable.Observable[D],
	f func(A, B, C, D) R,
) observable.Observable[R] {
	type row struct {
		a A
		b B
		c C
		d D
	}
	sources := []observable.Observable[row]{
		Map(a, func(v A) row { return row{a: v} }),
		Map(b, func(v B) row { return row{b: v} }),
	}
	if c != nil {
		sources = append(sources, Map(c, func(v C) row { return row{c: v} }))
	}
	if d != nil {
		sources = append(sources, Map(d, func(v D) row { return row{d: v} }))
	}
	return combineLatest(sources, func() (keep func(int, row), combine func() R) {
		var latest row
		keep = func(from int, v row) {
			switch from {
			case 0:
				latest.a = v.a
			case 1:
				latest.b = v.b
			case 2:
				latest.c = v.c
			default:
				latest.d = v.d
			}
		}
		return keep, func() R { return f(latest.a, latest.b, latest.c, latest.d) }
	})
}

// combineLatest runs the sources. For each run, begin makes two functions: keep stores the latest item of a source, and
// combine returns the combination of all of them.
func combineLatest[T, R any](
	sources []observable.Observable[T], begin func() (keep func(from int, v T), combine func() R),
) observable.Observable[R] {
	type message struct {
		item  T
		from  int
		isEnd bool
	}
	return func(ctx context.Context, emit func(R) bool) (err error) {
		h := engine.NewHub[message](ctx, engine.Capacity)
		defer h.Close(&err)
		for i, src := range sources {
			h.Start(engine.Marked(src,
				func(v T) message { return message{item: v, from: i} },
				func() message { return message{from: i, isEnd: true} }))
		}
		keep, combine := begin()
		emitted, missing := make([]bool, len(sources)), len(sources)
		return h.Each(func(m message) bool {
			if m.isEnd {
				return emitted[m.from]
			}
			if !emitted[m.from] {
				emitted[m.from] = true
				missing--
			}
			keep(m.from, m.item)
			return missing > 0 || emit(combine())
		})
	}
}
