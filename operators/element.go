package operators

import (
	"context"
	"errors"

	"github.com/rivulet-go/rivulet/internal/engine"
	"github.com/rivulet-go/rivulet/internal/must"
	"github.com/rivulet-go/rivulet/observable"
)

var (
	// ErrOutOfRange is the error of [ElementAt] if the stream has too few items.
	ErrOutOfRange = errors.New("rivulet: the stream has no element at this index")
	// ErrMoreThanOne is the error of [Single] if the stream has a second item.
	ErrMoreThanOne = errors.New("rivulet: the stream has more than one item")
)

// First emits the first item, stops src and completes. If src completes without an item, First fails with
// [observable.ErrEmpty].
func First[T any](src observable.Observable[T]) observable.Observable[T] {
	if src == nil {
		panic("operators.First: nil source")
	}
	return elementAt(src, 0, observable.ErrEmpty)
}

// ElementAt emits the item at index, stops src and completes. The first item has index 0. If src completes before it
// reaches the index, ElementAt fails with [ErrOutOfRange].
func ElementAt[T any](src observable.Observable[T], index int) observable.Observable[T] {
	if src == nil {
		panic("operators.ElementAt: nil source")
	}
	must.NotNegative("operators.ElementAt", "index", index)
	return elementAt(src, index, ErrOutOfRange)
}

// elementAt fails with missing if there is no item at index.
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

// Last emits the last item when src completes. If there is none, Last fails with [observable.ErrEmpty].
func Last[T any](src observable.Observable[T]) observable.Observable[T] {
	if src == nil {
		panic("operators.Last: nil source")
	}
	return only(src, nil)
}

// Single emits the only item of src when src completes. If there is none, Single fails with [observable.ErrEmpty]. At
// a second item, Single stops src and fails with [ErrMoreThanOne].
func Single[T any](src observable.Observable[T]) observable.Observable[T] {
	if src == nil {
		panic("operators.Single: nil source")
	}
	return only(src, ErrMoreThanOne)
}

// only emits the latest item when src completes. If tooMany is not nil, only fails with it at the second item.
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

// Find emits the first item that matches, stops src and completes. An item v matches if match(v) returns true. If no
// item matches, Find completes without an item: add [ThrowIfEmpty] or [DefaultIfEmpty] to handle that. (RxJS emits
// undefined.)
func Find[T any](src observable.Observable[T], match func(T) bool) observable.Observable[T] {
	if src == nil || match == nil {
		panic("operators.Find: nil source or function")
	}
	return func(ctx context.Context, emit func(T) bool) error {
		return src(ctx, func(v T) bool {
			matched := match(v)
			if matched {
				emit(v)
			}
			return !matched
		})
	}
}
