package operators

import (
	"cmp"
	"context"

	"github.com/rivulet-go/rivulet/internal/must"
	"github.com/rivulet-go/rivulet/observable"
)

// Number is what [Sum] and [Average] take.
type Number interface {
	~int | ~int8 | ~int16 | ~int32 | ~int64 |
		~uint | ~uint8 | ~uint16 | ~uint32 | ~uint64 | ~uintptr |
		~float32 | ~float64
}

// Count emits the number of items when the source is complete.
func Count[T any](src observable.Observable[T]) observable.Observable[int] {
	must.NotNil("operators.Count", src)
	return Reduce(src, 0, func(n int, _ T) int { return n + 1 })
}

// Sum emits the sum of the items when the source is complete: 0 if it has none. Integers that overflow wrap around,
// and floating-point numbers are added up in their order, all as by +.
func Sum[N Number](src observable.Observable[N]) observable.Observable[N] {
	must.NotNil("operators.Sum", src)
	return Reduce(src, 0, func(sum, v N) N { return sum + v })
}

// Average emits the mean of the items when the source is complete, and nothing if it has none. It is the sum divided
// by the number, both as float64: integers do not overflow, but beyond 2^53 a sum is rounded.
func Average[N Number](src observable.Observable[N]) observable.Observable[float64] {
	must.NotNil("operators.Average", src)
	type tally struct {
		sum float64
		n   int
	}
	total := Reduce(src, tally{}, func(t tally, v N) tally { return tally{t.sum + float64(v), t.n + 1} })
	some := Filter(total, func(t tally) bool { return t.n > 0 })
	return Map(some, func(t tally) float64 { return t.sum / float64(t.n) })
}

// Min emits the least item when the source is complete, and nothing if it has none. If any item is a NaN, the result
// is one, as with [slices.Min].
func Min[T cmp.Ordered](src observable.Observable[T]) observable.Observable[T] {
	must.NotNil("operators.Min", src)
	return choose(src, func(least, v T) T { return min(least, v) })
}

// Max emits the greatest item when the source is complete, and nothing if it has none. If any item is a NaN, the
// result is one, as with [slices.Max].
func Max[T cmp.Ordered](src observable.Observable[T]) observable.Observable[T] {
	must.NotNil("operators.Max", src)
	return choose(src, func(greatest, v T) T { return max(greatest, v) })
}

// MinBy emits the item with the least key when the source is complete, the first of several such items, and nothing
// if the source has none. Keys are compared by [cmp.Compare]: a NaN is less than all others.
func MinBy[T any, K cmp.Ordered](src observable.Observable[T], key func(T) K) observable.Observable[T] {
	must.NotNil("operators.MinBy", src, key)
	return chooseBy(src, key, func(k, least K) bool { return cmp.Less(k, least) })
}

// MaxBy emits the item with the greatest key when the source is complete, the first of several such items, and
// nothing if the source has none. Keys are compared by [cmp.Compare]: a NaN is less than all others.
func MaxBy[T any, K cmp.Ordered](src observable.Observable[T], key func(T) K) observable.Observable[T] {
	must.NotNil("operators.MaxBy", src, key)
	return chooseBy(src, key, func(k, greatest K) bool { return cmp.Less(greatest, k) })
}

// chooseBy chooses the first item whose key no other is better than. It takes the key once of every item.
func chooseBy[T, K any](
	src observable.Observable[T], key func(T) K, better func(k, best K) bool,
) observable.Observable[T] {
	type keyed struct {
		item T
		key  K
	}
	items := Map(src, func(v T) keyed { return keyed{v, key(v)} })
	chosen := choose(items, func(best, v keyed) keyed {
		if better(v.key, best.key) {
			return v
		}
		return best
	})
	return Map(chosen, func(v keyed) T { return v.item })
}

// choose emits, when src is complete, the one item that is left when pick has chosen between the best so far and each
// further one.
func choose[T any](src observable.Observable[T], pick func(best, v T) T) observable.Observable[T] {
	return func(ctx context.Context, emit func(T) bool) error {
		var best T
		found := false
		err := src(ctx, func(v T) bool {
			if found {
				v = pick(best, v)
			}
			best, found = v, true
			return true
		})
		if err == nil && found {
			emit(best)
		}
		return err
	}
}
