package operators

import (
	"context"
	"errors"

	"github.com/rivulet-go/rivulet/internal/engine"
	"github.com/rivulet-go/rivulet/internal/must"
	"github.com/rivulet-go/rivulet/observable"
)

var (
	// ErrOutOfRange is the failure of [ElementAt] when the stream has too few items.
	ErrOutOfRange = errors.New("rivulet: the stream has no element at this index")
	// ErrMoreThanOne is the failure of [Single] at the second item.
	ErrMoreThanOne = errors.New("rivulet: the stream has more than one item")
)

// First emits the first item and completes with it. It fails with [observable.ErrEmpty] when there is none.
func First[T any](src observable.Observable[T]) observable.Observable[T] {
	must.NotNil("operators.First", src)
	return elementAt(src, 0, observable.ErrEmpty)
}

// ElementAt emits the item at an index, which begins with 0, and completes with it. It fails with [ErrOutOfRange]
// when the source completes before.
func ElementAt[T any](src observable.Observable[T], index int) observable.Observable[T] {
	must.NotNil("operators.ElementAt", src)
	must.NotNegative("operators.ElementAt", "index", index)
	return elementAt(src, index, ErrOutOfRange)
}

// elementAt fails with missing when there is no such element.
func elementAt[T any](src observable.Observable[T], index int, missing error) observable.Observable[T] {
	return func(ctx context.Context, emit func(T) bool) error {
		left, found := index, false
		err := src(ctx, func(v T) bool {
			if left > 0 {
				left--
				return true
			}
			found = true
			emit(v)
			return false
		})
		if err == nil && !found {
			return missing
		}
		return err
	}
}

// Last emits the last item when the source is complete. It fails with [observable.ErrEmpty] when there is none.
func Last[T any](src observable.Observable[T]) observable.Observable[T] {
	must.NotNil("operators.Last", src)
	return only(src, nil)
}

// Single emits the one item of its source when that is complete. It fails with [observable.ErrEmpty] when there is
// none and, at the second item, with [ErrMoreThanOne].
func Single[T any](src observable.Observable[T]) observable.Observable[T] {
	must.NotNil("operators.Single", src)
	return only(src, ErrMoreThanOne)
}

// only emits the latest item when src is complete. At the second one it fails with tooMany, unless that is nil.
func only[T any](src observable.Observable[T], tooMany error) observable.Observable[T] {
	return func(ctx context.Context, emit func(T) bool) error {
		var latest T
		found := false
		err := engine.Try(ctx, src, func(v T) (bool, error) {
			if found && tooMany != nil {
				return false, tooMany
			}
			latest, found = v, true
			return true, nil
		})
		switch {
		case err != nil:
			return err
		case !found:
			return observable.ErrEmpty
		default:
			emit(latest)
			return nil
		}
	}
}

// Find emits the first item for which match is true and completes with it. When there is none it completes without
// an item, so that [ThrowIfEmpty] or [DefaultIfEmpty] can say what that means (RxJS emits undefined).
func Find[T any](src observable.Observable[T], match func(T) bool) observable.Observable[T] {
	must.NotNil("operators.Find", src, match)
	return Take(Filter(src, match), 1)
}
