package durable

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go"
)

// Job is a message that one worker processes and acknowledges. Its methods may be called from any goroutine, also after
// the run of [Work] has returned, as long as the connection is open.
//
// A job that is not acknowledged within [WithAckWait] is delivered again, to any worker. A job may be acknowledged once.
type Job[T any] struct {
	Message[T]
	Deliveries int // how often the job was delivered, this time included: 1 for the first time

	msg   *nats.Msg
	stale *atomic.Bool // the stream was created again
}

// Ack acknowledges the job: it is done. Ack does not wait for the server. If the connection is lost before the server
// gets the acknowledgement, the job is delivered again.
func (j *Job[T]) Ack() error {
	if j.stale.Load() {
		return ErrStaleJob
	}
	return j.sent("acknowledging", j.msg.Ack())
}

// AckSync acknowledges the job and waits until the server has confirmed that, for 5s at most.
func (j *Job[T]) AckSync(ctx context.Context) error {
	if j.stale.Load() {
		return ErrStaleJob
	}
	ctx, cancel := context.WithTimeout(ctx, requestTimeout)
	defer cancel()
	return j.sent("acknowledging", j.msg.AckSync(nats.Context(ctx)))
}

// Nak returns the job: the server delivers it again after delay, at once if that is 0.
func (j *Job[T]) Nak(delay time.Duration) error {
	switch {
	case j.stale.Load():
		return ErrStaleJob
	case delay <= 0:
		return j.sent("returning", j.msg.Nak())
	default:
		return j.sent("returning", j.msg.NakWithDelay(delay))
	}
}

// Term terminates the job: it is not done and is never delivered again.
func (j *Job[T]) Term() error {
	if j.stale.Load() {
		return ErrStaleJob
	}
	return j.sent("terminating", j.msg.Term())
}

// InProgress extends the time of [WithAckWait], which starts again. The worker still processes the job.
func (j *Job[T]) InProgress() error {
	if j.stale.Load() {
		return ErrStaleJob
	}
	return j.sent("keeping", j.msg.InProgress())
}

// sent returns the error of sending an answer to the server.
func (j *Job[T]) sent(what string, err error) error {
	if err != nil {
		return fmt.Errorf("rivulet: durable: %s job %s: %w", what, j.Cursor(), err)
	}
	return nil
}
