package operators

import (
	"context"

	"github.com/rivulet-go/rivulet/observable"
)

// All emits one value: whether all items match. An item v matches if match(v) returns true. At the first item that
// does not match, All emits false, stops src and completes. Otherwise it emits true when src completes, even if src
// has no items.
func All[T any](src observable.Observable[T], match func(T) bool) observable.Observable[bool] {
	if src == nil || match == nil {
		panic("operators.All: nil source or function")
	}
	return decide(src, func(v T) bool { return !match(v) }, false)
}

// Any emits one value: whether any item matches. An item v matches if match(v) returns true. At the first item that
// matches, Any emits true, stops src and completes. Otherwise it emits false when src completes.
func Any[T any](src observable.Observable[T], match func(T) bool) observable.Observable[bool] {
	if src == nil || match == nil {
		panic("operators.Any: nil source or function")
	}
	return decide(src, match, true)
}

// Contains emits one value: whether any item equals v. At the first item that does, Contains emits true, stops src and
// completes. Otherwise it emits false when src completes. A NaN equals nothing, not even itself.
func Contains[T comparable](src observable.Observable[T], v T) observable.Observable[bool] {
	if src == nil {
		panic("operators.Contains: nil source")
	}
	return decide(src, func(item T) bool { return item == v }, true)
}

// IsEmpty emits one value: whether src has no items. At the first item, IsEmpty emits false, stops src and completes.
// Otherwise it emits true when src completes.
func IsEmpty[T any](src observable.Observable[T]) observable.Observable[bool] {
	if src == nil {
		panic("operators.IsEmpty: nil source")
	}
	return decide(src, func(T) bool { return true }, false)
}

// decide emits answer and stops src at the first item that is decisive. If there is none, it emits !answer when src
// completes.
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
