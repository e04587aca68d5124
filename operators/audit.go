package operators

import (
	"time"

	"github.com/rivulet-go/rivulet/internal/must"
	"github.com/rivulet-go/rivulet/observable"
)

// Audit starts a timer of d, which must be positive, when an item comes and no timer runs. When the timer fires, it emits
// the latest item. Unlike [Debounce], it emits at least every d while items keep coming; unlike [ThrottleFirst], it emits
// the latest item. When src completes while an item waits, Audit emits it when the timer fires and completes then. When
// src fails, Audit drops the item and fails.
//
//	src:   -1-2----3---4-5-|
//	Audit: -----2------4-------(5|)   d: 4 places
//
// Audit starts one goroutine and buffers up to 128 items.
func Audit[T any](src observable.Observable[T], d time.Duration) observable.Observable[T] {
	if src == nil {
		panic("operators.Audit: nil source")
	}
	must.Positive("operators.Audit", "d", d)
	return held(src, d, false)
}
