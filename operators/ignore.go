package operators

import (
	"github.com/rivulet-go/rivulet/internal/must"
	"github.com/rivulet-go/rivulet/observable"
)

// IgnoreElements emits nothing, and completes or fails as its source does.
func IgnoreElements[T any](src observable.Observable[T]) observable.Observable[T] {
	must.NotNil("operators.IgnoreElements", src)
	return Filter(src, func(T) bool { return false })
}
