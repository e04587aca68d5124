package operators

import (
	"context"

	"github.com/rivulet-go/rivulet/observable"
)

// Distinct emits each item that the run has not seen before. It remembers every different item, so its memory grows
// without bound on an endless stream of different items.
func Distinct[T comparable](src observable.Observable[T]) observable.Observable[T] {
	if src == nil {
		panic("operators.Distinct: nil source")
	}
	return DistinctBy(src, itself)
}

// DistinctBy emits each item whose key the run has not seen before. It remembers every different key, so its memory
// grows without bound if there is no end of different keys.
func DistinctBy[T any, K comparable](src observable.Observable[T], key func(T) K) observable.Observable[T] {
	if src == nil || key == nil {
		panic("operators.DistinctBy: nil source or function")
	}
	return func(ctx context.Context, emit func(T) bool) error {
		seen := make(map[K]struct{})
		return src(ctx, func(v T) bool {
			before := len(seen)
			seen[key(v)] = struct{}{}
			return len(seen) == before || emit(v)
		})
	}
}

// DistinctUntilChanged emits each item that differs from the item before it. It remembers one item.
//
//	src:                  --a--a--b--b--a--|
//	DistinctUntilChanged: --a-----b-----a--|
func DistinctUntilChanged[T comparable](src observable.Observable[T]) observable.Observable[T] {
	if src == nil {
		panic("operators.DistinctUntilChanged: nil source")
	}
	return DistinctUntilChangedBy(src, itself)
}

// DistinctUntilChangedBy emits each item whose key differs from the key of the item before it. It remembers one key.
func DistinctUntilChangedBy[T any, K comparable](src observable.Observable[T], key func(T) K) observable.Observable[T] {
	if src == nil || key == nil {
		panic("operators.DistinctUntilChangedBy: nil source or function")
	}
	return func(ctx context.Context, emit func(T) bool) error {
		var latest K
		begun := false
		return src(ctx, func(v T) bool {
			k := key(v)
			if begun && k == latest {
				return true
			}
			latest, begun = k, true
			return emit(v)
		})
	}
}

func itself[T any](v T) T { return v }
