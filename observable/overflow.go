package observable

import "errors"

// Overflow says what happens to an item for which a bounded buffer has no room, because a consumer is slow.
type Overflow int

const (
	Block      Overflow = iota // the producer waits for room: nothing is lost
	DropOldest                 // the oldest item that waits makes room
	DropNewest                 // the item that came last is thrown away
	Fail                       // the slow consumer fails with ErrOverflow
)

// ErrOverflow is the failure of a consumer that was too slow for a buffer with the policy [Fail].
var ErrOverflow = errors.New("rivulet: the buffer of a slow consumer overflowed")
