package operators

import (
	"cmp"
	"context"
	"time"

	"github.com/rivulet-go/rivulet/internal/clock"
	"github.com/rivulet-go/rivulet/internal/engine"
	"github.com/rivulet-go/rivulet/internal/must"
	"github.com/rivulet-go/rivulet/observable"
)

// delayCapacity is the number of items of a Delay that wait for their time before its source has to wait.
const delayCapacity = 1 << 16

// Delay emits every item d after src has emitted it, and completes d after src has. d must not be negative. A failure of src
// is not delayed: Delay drops the items that wait and fails at once.
//
//	src:   -1-2---3-|
//	Delay: ----1-2---3-|   d: 3 places
//
// Delay starts one goroutine and buffers up to 65,536 items, in addition to as many that it has fetched already. If src
// emits more within d, it has to wait.
func Delay[T any](src observable.Observable[T], d time.Duration) observable.Observable[T] {
	if src == nil {
		panic("operators.Delay: nil source")
	}
	must.NotNegative("operators.Delay", "d", d)
	type message struct {
		due   time.Time
		item  T
		isEnd bool
	}
	return func(ctx context.Context, emit func(T) bool) (err error) {
		h := engine.NewHub[message](ctx, delayCapacity)
		defer h.Close(&err)
		timer := clock.Stopped()
		defer timer.Stop()
		h.Start(engine.Marked(src,
			func(v T) message { return message{due: time.Now().Add(d), item: v} },
			func() message { return message{due: time.Now().Add(d), isEnd: true} }))
		var failure error
		err = h.Each(func(m message) bool {
			failure = waitUntil(h, m.due, timer)
			return failure == nil && !m.isEnd && emit(m.item)
		})
		return cmp.Or(failure, err)
	}
}

// waitUntil waits until the given time and returns nil. If a source fails or the context is done before, it returns why.
func waitUntil[M any](h *engine.Hub[M], due time.Time, timer *time.Timer) error {
	left := time.Until(due)
	if left <= 0 {
		return nil
	}
	timer.Reset(left)
	select {
	case <-timer.C:
		return nil
	case <-h.Ctx.Done():
		return h.Result()
	}
}
