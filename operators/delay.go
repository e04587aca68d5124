package operators

import (
	"cmp"
	"context"
	"time"

	"github.com/rivulet-go/rivulet/internal/clock"
	"github.com/rivulet-go/rivulet/internal/must"
	"github.com/rivulet-go/rivulet/observable"
)

// delayed is how many items of a Delay are on their way before its source has to wait.
const delayed = 1 << 16

// Delay emits every item d after it came, d being 0 or more, and completes d after src did. A failure of src is not
// delayed: it drops the items whose time has not come.
//
//	src:   -1-2---3-|
//	Delay: ----1-2---3-|   d: 3 places
//
// Delay is concurrent: it starts one goroutine. Up to 65,536 items wait for their time, beside as many that were
// fetched already; a src that emits more within d is held back.
func Delay[T any](src observable.Observable[T], d time.Duration) observable.Observable[T] {
	must.NotNil("operators.Delay", src)
	must.NotNegative("operators.Delay", "d", d)
	type message struct {
		due   time.Time
		item  T
		isEnd bool
	}
	return func(ctx context.Context, emit func(T) bool) (err error) {
		h := newHubOf[message](ctx, delayed)
		defer h.close(&err)
		timer := clock.Stopped()
		defer timer.Stop()
		h.start(marked(src,
			func(v T) message { return message{due: time.Now().Add(d), item: v} },
			func() message { return message{due: time.Now().Add(d), isEnd: true} }))
		var failure error
		err = h.each(func(m message) bool {
			failure = h.waitUntil(m.due, timer)
			return failure == nil && !m.isEnd && emit(m.item)
		})
		return cmp.Or(failure, err)
	}
}

// waitUntil waits for the time due. The failure of a source cuts it short.
func (h *hub[M]) waitUntil(due time.Time, timer *time.Timer) error {
	left := time.Until(due)
	if left <= 0 {
		return nil
	}
	timer.Reset(left)
	for h.inbox.Err() == nil {
		select {
		case <-timer.C:
			return nil
		case <-h.inbox.Ready():
		case <-h.parent.Done():
			return context.Cause(h.parent)
		}
	}
	return h.inbox.Err()
}
