package operators

import (
	"context"
	"slices"

	"github.com/rivulet-go/rivulet/internal/must"
	"github.com/rivulet-go/rivulet/observable"
)

// CombineLatest2 emits f of the newest items of a and b, whenever one comes and both have emitted. It completes when
// both have, or as soon as one completes without an item, and fails with the first that fails.
//
//	a:              --1--------2-----|
//	b:              -----x--y-----|
//	CombineLatest2: -----A--B--C-----|   A: f(1, x), B: f(1, y), C: f(2, y)
//
// CombineLatest2 is concurrent: it starts a goroutine for each source.
func CombineLatest2[A, B, R any](
	a observable.Observable[A], b observable.Observable[B], f func(A, B) R,
) observable.Observable[R] {
	must.NotNil("operators.CombineLatest2", a, b, f)
	return combineLatest4[A, B, none, none](a, b, nil, nil, func(a A, b B, _, _ none) R { return f(a, b) })
}

// CombineLatest3 is [CombineLatest2] of three sources.
func CombineLatest3[A, B, C, R any](
	a observable.Observable[A], b observable.Observable[B], c observable.Observable[C], f func(A, B, C) R,
) observable.Observable[R] {
	must.NotNil("operators.CombineLatest3", a, b, c, f)
	return combineLatest4[A, B, C, none](a, b, c, nil, func(a A, b B, c C, _ none) R { return f(a, b, c) })
}

// CombineLatest4 is [CombineLatest2] of four sources.
func CombineLatest4[A, B, C, D, R any](
	a observable.Observable[A], b observable.Observable[B], c observable.Observable[C], d observable.Observable[D],
	f func(A, B, C, D) R,
) observable.Observable[R] {
	must.NotNil("operators.CombineLatest4", a, b, c, d, f)
	return combineLatest4(a, b, c, d, f)
}

// CombineLatestAll is [CombineLatest2] of any number of sources of one type. It emits a new slice of their newest
// items, in their order. Without sources it is empty.
func CombineLatestAll[T any](sources ...observable.Observable[T]) observable.Observable[[]T] {
	sources = must.Sources("operators.CombineLatestAll", sources)
	return combineLatest(sources, func() (keep func(int, T), combine func() []T) {
		latest := make([]T, len(sources))
		return func(from int, v T) { latest[from] = v }, func() []T { return slices.Clone(latest) }
	})
}

// none is the type of the items of a source that there is not.
type none = struct{}

// combineLatest4 is CombineLatest4, but c and d may be nil.
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

// combineLatest runs the sources. For each run begin makes the two functions that keep the newest item of a source and
// combine those of all.
func combineLatest[T, R any](
	sources []observable.Observable[T], begin func() (keep func(from int, v T), combine func() R),
) observable.Observable[R] {
	type message struct {
		item  T
		from  int
		isEnd bool
	}
	return func(ctx context.Context, emit func(R) bool) (err error) {
		h := newHub[message](ctx)
		defer h.close(&err)
		for i, src := range sources {
			h.start(marked(src,
				func(v T) message { return message{item: v, from: i} },
				func() message { return message{from: i, isEnd: true} }))
		}
		keep, combine := begin()
		emitted, missing := make([]bool, len(sources)), len(sources)
		return h.each(func(m message) bool {
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
