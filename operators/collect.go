package operators

import "github.com/rivulet-go/rivulet/observable"

// ToSlice emits a slice of all items when src completes. If src has no items, the slice is empty, not nil. The receiver
// owns it. Use [BufferCount] or [History] for endless streams.
func ToSlice[T any](src observable.Observable[T]) observable.Observable[[]T] {
	if src == nil {
		panic("operators.ToSlice: nil source")
	}
	return reduce(src, func() []T { return []T{} }, func(all []T, v T) []T { return append(all, v) })
}

// ToMap emits a map of all items when src completes. The receiver owns it. entry returns the key and the value for an
// item. A later item replaces an earlier one with the same key.
func ToMap[T any, K comparable, V any](
	src observable.Observable[T], entry func(T) (K, V),
) observable.Observable[map[K]V] {
	if src == nil || entry == nil {
		panic("operators.ToMap: nil source or function")
	}
	return reduce(src, func() map[K]V { return map[K]V{} }, func(all map[K]V, v T) map[K]V {
		key, value := entry(v)
		all[key] = value
		return all
	})
}
