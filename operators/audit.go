package operators

import (
	"time"

	"github.com/rivulet-go/rivulet/internal/must"
	"github.com/rivulet-go/rivulet/observable"
)

// Audit waits for d, which must be positive, from an item on, then emits the latest item, and waits again for one.
// Unlike [Debounce] it emits at least every d while items keep coming, unlike [ThrottleFirst] the latest one.
// When src completes, what waits is still emitted at its time, and then Audit completes; when src fails it is dropped.
//
//	src:   -1-2----3---4-5-|
//	Audit: -----2------4-------(5|)   d: 4 places
//
// Audit is concurrent: it starts one goroutine.
func Audit[T any](src observable.Observable[T], d time.Duration) observable.Observable[T] {
	must.NotNil("operators.Audit", src)
	must.Positive("operators.Audit", "d", d)
	return held(src, d, false)
}
