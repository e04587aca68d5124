package operators

import (
	"github.com/rivulet-go/rivulet/internal/must"
	"github.com/rivulet-go/rivulet/observable"
)

// Partition returns two streams: the items of src for which f is true, and those for which it is false. Both are cold:
// each run of one of them runs src. To have one run for both, give it a [Share] of src.
func Partition[T any](src observable.Observable[T], f func(T) bool) (yes, no observable.Observable[T]) {
	must.NotNil("operators.Partition", src, f)
	return Filter(src, f), Filter(src, func(v T) bool { return !f(v) })
}
