package observable

import "github.com/rivulet-go/rivulet/internal/queue"

// Overflow says what happens to an item when a bounded buffer is full because a consumer is slow.
type Overflow = queue.Overflow

const (
	Block      = queue.Block      // the producer waits; no item is lost
	DropOldest = queue.DropOldest // the item that has waited longest is dropped
	DropNewest = queue.DropNewest // the new item is dropped
	Fail       = queue.Fail       // the slow consumer fails with ErrOverflow
)

// ErrOverflow is the failure of a consumer that was too slow for a buffer with the policy [Fail].
var ErrOverflow = queue.ErrOverflow
