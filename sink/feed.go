package sink

import (
	"context"

	"github.com/rivulet-go/rivulet/internal/cause"
	"github.com/rivulet-go/rivulet/internal/engine"
	"github.com/rivulet-go/rivulet/internal/queue"
	"github.com/rivulet-go/rivulet/observable"
)

// encodeAll runs a stream and emits its items as frames. It fails if an item cannot be encoded.
func (s *settings[T]) encodeAll(ctx context.Context, src observable.Observable[T], emit func(*frame[T]) bool) error {
	encoder := newEncoder(s)
	return engine.Try(ctx, src, func(v T) (more bool, err error) {
		f, err := encoder.frame(v)
		if err != nil {
			return false, err
		}
		return emit(f), nil
	})
}

// feed is a stream for a single client, which reads it from a log of its own. A slow client delays the stream.
type feed[T any] struct {
	queue.Reader[*frame[T]]
	ctx    context.Context
	cancel context.CancelFunc
	ended  chan struct{}
	cut    bool  // whether the stream was stopped before its end; valid when it has ended
	err    error // with which the stream has failed by itself; valid when it has ended
}

// newFeed starts a stream for a client, in a goroutine of its own. The log holds capacity events in addition to the
// batch that is being written. If the response must end, the stream is stopped at its next item. The caller must call
// stop.
func newFeed[T any](ctx context.Context, src observable.Observable[T], c *client[T], capacity int) *feed[T] {
	f := &feed[T]{ended: make(chan struct{})}
	f.ctx, f.cancel = context.WithCancel(ctx)
	f.Wake = c.wake
	log := queue.NewLog[*frame[T]](queue.LogConfig{Capacity: capacity})
	log.JoinAt(&f.Reader, 0)
	go func() {
		defer close(f.ended)
		err := c.config.encodeAll(f.ctx, src, func(v *frame[T]) bool {
			f.cut = c.mustEnd() || !log.Append(f.ctx.Done(), v)
			return !f.cut
		})
		var canceled bool
		f.err, canceled = cause.Split(f.ctx, err)
		f.cut = f.cut || canceled
		log.Close(nil)
	}()
	return f
}

// stop stops the stream, waits for its end and returns the error with which it has failed by itself.
func (f *feed[T]) stop() error {
	f.cancel()
	<-f.ended
	f.Leave()
	return f.err
}
