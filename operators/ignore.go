package operators

import "github.com/rivulet-go/rivulet/observable"

// IgnoreElements discards all items. It completes or fails when src does.
func IgnoreElements[T any](src observable.Observable[T]) observable.Observable[T] {
	if src == nil {
		panic("operators.IgnoreElements: nil source")
	}
	return Filter(src, func(T) bool { return false })
}
