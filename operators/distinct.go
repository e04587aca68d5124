package operators

import (
	"context"

	"github.com/rivulet-go/rivulet/internal/must"
	"github.com/rivulet-go/rivulet/observable"
)

// Distinct emits the items that have not come before. A run holds all different items that it has seen: on an
// endless stream of them its memory grows without bound.
func Distinct[T comparable](src observable.Observable[T]) observable.Observable[T] {
	must.NotNil("operators.Distinct", src)
	return DistinctBy(src, itself)
}

// DistinctBy emits the items whose key has not come before. A run holds all different keys that it has seen: with
// endlessly many its memory grows without bound.
func DistinctBy[T any, K comparable](src observable.Observable[T], key func(T) K) observable.Observable[T] {
	must.NotNil("operators.DistinctBy", src, key)
	return func(ctx context.Context, emit func(T) bool) error {
		seen := make(map[K]struct{})
		return src(ctx, func(v T) bool {
			before := len(seen)
			seen[key(v)] = struct{}{}
			return len(seen) == before || emit(v)
		})
	}
}

// DistinctUntilChanged emits the items that differ from the one before. It holds one item.
//
//	src:                  --a--a--b--b--a--|
//	DistinctUntilChanged: --a-----b-----a--|
func DistinctUntilChanged[T comparable](src observable.Observable[T]) observable.Observable[T] {
	must.NotNil("operators.DistinctUntilChanged", src)
	return DistinctUntilChangedBy(src, itself)
}

// DistinctUntilChangedBy emits the items whose key differs from the key of the one before. It holds one key.
func DistinctUntilChangedBy[T any, K comparable](src observable.Observable[T], key func(T) K) observable.Observable[T] {
	must.NotNil("operators.DistinctUntilChangedBy", src, key)
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
