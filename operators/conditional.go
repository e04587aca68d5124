package operators

import (
	"context"

	"github.com/rivulet-go/rivulet/internal/must"
	"github.com/rivulet-go/rivulet/observable"
)

// All emits whether match is true for all items: false with the first for which it is not, else true when the source
// is complete, also when that has no items.
func All[T any](src observable.Observable[T], match func(T) bool) observable.Observable[bool] {
	must.NotNil("operators.All", src, match)
	return decide(src, func(v T) bool { return !match(v) }, false)
}

// Any emits whether match is true for any item: true with the first for which it is, else false when the source is
// complete.
func Any[T any](src observable.Observable[T], match func(T) bool) observable.Observable[bool] {
	must.NotNil("operators.Any", src, match)
	return decide(src, match, true)
}

// Contains emits whether any item is equal to v: true with the first that is, else false when the source is complete.
// A NaN is equal to nothing.
func Contains[T comparable](src observable.Observable[T], v T) observable.Observable[bool] {
	must.NotNil("operators.Contains", src)
	return decide(src, func(item T) bool { return item == v }, true)
}

// IsEmpty emits false with the first item, or true when the source is complete without one.
func IsEmpty[T any](src observable.Observable[T]) observable.Observable[bool] {
	must.NotNil("operators.IsEmpty", src)
	return decide(src, func(T) bool { return true }, false)
}

// decide emits answer with the first item for which decisive is true, else !answer when src is complete.
func decide[T any](src observable.Observable[T], decisive func(T) bool, answer bool) observable.Observable[bool] {
	return func(ctx context.Context, emit func(bool) bool) error {
		decided := false
		err := src(ctx, func(v T) bool {
			if decided = decisive(v); decided {
				emit(answer)
			}
			return !decided
		})
		if err == nil && !decided {
			emit(!answer)
		}
		return err
	}
}
