package observable

import "github.com/rivulet-go/rivulet/internal/queue"

// Overflow says what happens to an item for which a bounded buffer has no room, because a consumer is slow.
type Overflow int

const (
	Block      = Overflow(queue.Block)      // the producer waits for room: nothing is lost
	DropOldest = Overflow(queue.DropOldest) // the oldest item that waits makes room
	DropNewest = Overflow(queue.DropNewest) // the item that came last is thrown away
	Fail       = Overflow(queue.Fail)       // the slow consumer fails with ErrOverflow
)

// ErrOverflow is the failure of a consumer that was too slow for a buffer with the policy [Fail].
var ErrOverflow = queue.ErrOverflow
