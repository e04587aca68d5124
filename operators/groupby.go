package operators

import (
	"context"
	"math"

	"github.com/rivulet-go/rivulet/internal/engine"
	"github.com/rivulet-go/rivulet/observable"
)

// Group is the stream of the items that have a key in common.
type Group[K comparable, T any] struct {
	Key   K
	Items observable.Observable[T]
}

// GroupBy emits a group for each key, together with the first item that has the key. The group emits the items with that
// key and ends when src does. Groups are read, end, and are dropped like windows: see [WindowCount].
//
//	src:     --a1--b1--a2--|
//	GroupBy: --A---B-------|
//	A:         a1------a2--|
//	B:             b1------|
//
// Each group buffers up to 128 items. A full group makes src wait, and with it all other groups. So read all groups at the
// same time, for example with [FlatMap] and a concurrency of at least the number of keys ([math.MaxInt] for no limit).
// [ConcatMap] works only for groups of at most 128 items. To ignore some keys, [Filter] src before GroupBy.
//
// GroupBy starts one goroutine, on which it runs src and calls key. It keeps all keys until the end, without a bound, and
// groups until they have been emitted.
func GroupBy[T any, K comparable](src observable.Observable[T], key func(T) K) observable.Observable[Group[K, T]] {
	if src == nil || key == nil {
		panic("operators.GroupBy: nil source or key")
	}
	return func(ctx context.Context, emit func(Group[K, T]) bool) error {
		// No bound: the reader of a group, on this goroutine, may wait for an item that comes after the first items of others.
		ahead := math.MaxInt
		wrap := func(b *engine.Branch[K, T]) Group[K, T] { return Group[K, T]{Key: b.Key, Items: b.Run} }
		return engine.RunSplit(ctx, "GroupBy", emit, ahead, wrap, func(ctx context.Context, s *engine.Split[K, T]) error {
			groups := map[K]*engine.Branch[K, T]{}
			return src(ctx, func(v T) bool {
				k := key(v)
				group := groups[k]
				if group == nil {
					group = s.Begin(k, engine.Capacity)
					groups[k] = group
				}
				return group != nil && s.Put(group, v)
			})
		})
	}
}
