package operators

import (
	"github.com/rivulet-go/rivulet/internal/must"
	"github.com/rivulet-go/rivulet/observable"
)

// ToSlice emits a slice of all items, which is the receiver's own, when the source is complete. It is empty, not nil,
// if the source has none. [BufferCount] and [History] are for streams without an end.
func ToSlice[T any](src observable.Observable[T]) observable.Observable[[]T] {
	must.NotNil("operators.ToSlice", src)
	return reduce(src, func() []T { return []T{} }, func(all []T, v T) []T { return append(all, v) })
}

// ToMap emits a map of all items, which is the receiver's own, when the source is complete: entry gives the key and
// the value for each. A later item replaces an earlier one with the same key.
func ToMap[T any, K comparable, V any](
	src observable.Observable[T], entry func(T) (K, V),
) observable.Observable[map[K]V] {
	must.NotNil("operators.ToMap", src, entry)
	return reduce(src, func() map[K]V { return map[K]V{} }, func(all map[K]V, v T) map[K]V {
		key, value := entry(v)
		all[key] = value
		return all
	})
}
