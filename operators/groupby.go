package operators

import (
	"context"
	"math"

	"github.com/rivulet-go/rivulet/internal/must"
	"github.com/rivulet-go/rivulet/observable"
)

// Group is the stream of those items that have a key in common.
type Group[K comparable, T any] struct {
	Key   K
	Items observable.Observable[T]
}

// GroupBy emits a group for each key, with its first item, in which the items with that key come. The groups end when
// src does. They are like windows without a limit: see [WindowCount] for how they are read, how they end, and what
// becomes of those that nobody reads.
//
//	src:     --a1--b1--a2--|
//	GroupBy: --A---B-------|
//	A:         a1------a2--|
//	B:             b1------|
//
// Each group holds up to 128 items, and a full one makes src wait, and with it all other groups. So all groups are to
// be read at the same time, as by a [FlatMap] whose concurrency is not less than the number of keys; [ConcatMap] will
// do for groups of 128 items at most. What is not wanted is better filtered out of src than left unread.
//
// GroupBy is concurrent: it starts one goroutine, on which key is called, one call at a time. The number of keys is not
// limited: all keys are kept until the end, and groups until they are emitted.
func GroupBy[T any, K comparable](src observable.Observable[T], key func(T) K) observable.Observable[Group[K, T]] {
	must.NotNil("operators.GroupBy", src, key)
	return func(ctx context.Context, emit func(Group[K, T]) bool) error {
		// No bound: the reader of a group, on this goroutine, may wait for an item that comes after the first of others.
		ahead := math.MaxInt
		wrap := func(b *branch[K, T]) Group[K, T] { return Group[K, T]{Key: b.key, Items: b.run} }
		return runSplit(ctx, emit, ahead, wrap, func(ctx context.Context, s *split[K, T]) error {
			groups := map[K]*branch[K, T]{}
			return src(ctx, func(v T) bool {
				k := key(v)
				group := groups[k]
				if group == nil {
					group = s.begin(k, inboxSize)
					groups[k] = group
				}
				return group != nil && s.put(group, v)
			})
		})
	}
}
