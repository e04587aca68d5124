package operators

import "slices"

// ring holds the latest items, up to limit. It grows with what it is given, so that a high limit costs nothing.
type ring[T any] struct {
	limit  int
	items  []T
	oldest int // index of the oldest item, once the ring is full
}

// push adds an item and returns the one that it displaces. ok is false while there is room.
func (r *ring[T]) push(v T) (displaced T, ok bool) {
	if r.limit == 0 {
		return v, true
	}
	if len(r.items) < r.limit {
		r.items = append(r.items, v)
		return displaced, false
	}
	displaced, r.items[r.oldest] = r.items[r.oldest], v
	r.oldest = (r.oldest + 1) % r.limit
	return displaced, true
}

// inOrder returns the items from the oldest to the newest.
func (r *ring[T]) inOrder() []T {
	return slices.Concat(r.items[r.oldest:], r.items[:r.oldest])
}
