package operators

import "errors"

// join is the result of an operator that failed by itself and then stopped its source, which may have failed to end
// cleanly. A lone error stays as it is, so that == and a type switch work on it.
func join(failure, teardown error) error {
	switch {
	case failure == nil:
		return teardown
	case teardown == nil:
		return failure
	default:
		return errors.Join(failure, teardown)
	}
}

// relay is emit with a memory, for an operator that has something to emit after its source has returned: it must
// not when emit has said stop.
type relay[T any] struct {
	emit    func(T) bool
	stopped bool
}

func (r *relay[T]) send(v T) bool {
	r.stopped = !r.emit(v)
	return !r.stopped
}
