package operators

import (
	"cmp"
	"context"

	"github.com/rivulet-go/rivulet/observable"
)

// Number is the constraint of the items of [Sum] and [Average]: all integer and floating-point types.
type Number interface {
	~int | ~int8 | ~int16 | ~int32 | ~int64 |
		~uint | ~uint8 | ~uint16 | ~uint32 | ~uint64 | ~uintptr |
		~float32 | ~float64
}

// Count emits the number of items when src completes.
func Count[T any](src observable.Observable[T]) observable.Observable[int] {
	if src == nil {
		panic("operators.Count: nil source")
	}
	return reduce(src, func() int { return 0 }, func(n int, _ T) int { return n + 1 })
}

// Sum emits the sum of the items when src completes, which is 0 if there are none. It adds them in order with the +
// operator of Go, so integers wrap around on overflow.
func Sum[N Number](src observable.Observable[N]) observable.Observable[N] {
	if src == nil {
		panic("operators.Sum: nil source")
	}
	return reduce(src, func() N { return 0 }, func(sum, v N) N { return sum + v })
}

// Average emits the mean of the items when src completes. If src has no items, Average completes without an item. It
// adds the items as float64, so integers do not overflow, but a sum beyond 2^53 is rounded.
func Average[N Number](src observable.Observable[N]) observable.Observable[float64] {
	if src == nil {
		panic("operators.Average: nil source")
	}
	return func(ctx context.Context, emit func(float64) bool) error {
		sum, n := 0.0, 0
		err := src(ctx, func(v N) bool {
			sum += float64(v)
			n++
			return true
		})
		if err == nil && n > 0 {
			emit(sum / float64(n))
		}
		return err
	}
}

// Min emits the smallest item when src completes. If src has no items, Min completes without an item. If any item is a
// NaN, so is the result, as with [slices.Min].
func Min[T cmp.Ordered](src observable.Observable[T]) observable.Observable[T] {
	if src == nil {
		panic("operators.Min: nil source")
	}
	return choose(src, func(least, v T) T { return min(least, v) })
}

// Max emits the largest item when src completes. If src has no items, Max completes without an item. If any item is a
// NaN, so is the result, as with [slices.Max].
func Max[T cmp.Ordered](src observable.Observable[T]) observable.Observable[T] {
	if src == nil {
		panic("operators.Max: nil source")
	}
	return choose(src, func(greatest, v T) T { return max(greatest, v) })
}

// choose emits one item when src completes. pick chooses between the best item so far and each later one.
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

// MinBy emits the item with the smallest key when src completes, and the first one if several have that key. If src
// has no items, MinBy completes without an item. Keys are compared by [cmp.Compare], where a NaN is the smallest.
func MinBy[T any, K cmp.Ordered](src observable.Observable[T], key func(T) K) observable.Observable[T] {
	if src == nil || key == nil {
		panic("operators.MinBy: nil source or function")
	}
	return chooseBy(src, key, func(k, least K) bool { return cmp.Less(k, least) })
}

// MaxBy emits the item with the largest key when src completes, and the first one if several have that key. If src has
// no items, MaxBy completes without an item. Keys are compared by [cmp.Compare], where a NaN is the smallest.
func MaxBy[T any, K cmp.Ordered](src observable.Observable[T], key func(T) K) observable.Observable[T] {
	if src == nil || key == nil {
		panic("operators.MaxBy: nil source or function")
	}
	return chooseBy(src, key, func(k, greatest K) bool { return cmp.Less(greatest, k) })
}

// chooseBy emits the first item whose key is the best when src completes. It calls key once for each item.
func chooseBy[T, K any](
	src observable.Observable[T], key func(T) K, better func(k, best K) bool,
) observable.Observable[T] {
	return func(ctx context.Context, emit func(T) bool) error {
		var chosen T
		var best K
		found := false
		err := src(ctx, func(v T) bool {
			if k := key(v); !found || better(k, best) {
				chosen, best, found = v, k, true
			}
			return true
		})
		if err == nil && found {
			emit(chosen)
		}
		return err
	}
}
