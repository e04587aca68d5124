package operators

import (
	"github.com/rivulet-go/rivulet/internal/engine"
	"github.com/rivulet-go/rivulet/internal/must"
	"github.com/rivulet-go/rivulet/observable"
)

// Share returns a hot stream: all of its subscribers share one run of src. The first subscriber starts the run; the last one
// that leaves cancels it and waits for its end. A subscriber that comes after the run has ended starts another one. A
// subscriber gets the items that src emits while it is subscribed, and the end of src.
//
//	src:    --1--2--3--4--|
//	first:  --1--2--3--4--|
//	second:       --3--4--|    subscribed after 2
//
// If src emits at once, the first subscriber may get all items before the second one comes. To start src later, use
// [Connectable.AutoConnect]; to give late subscribers earlier items, use [ShareReplay].
//
// Share starts one goroutine, for src, which has the values of the first subscriber's context. It keeps each item once for
// all subscribers and buffers up to 1,024 items for the slowest one, in addition to up to 256 that this one has fetched
// already. When the buffer is full, src waits. To keep a slow subscriber from delaying the others, wrap the shared stream
// in [OnBackpressureDrop] or [OnBackpressureLatest].
func Share[T any](src observable.Observable[T]) observable.Observable[T] {
	if src == nil {
		panic("operators.Share: nil source")
	}
	return engine.NewMulticast(src, 0).Observable(1)
}

// ShareReplay is [Share] except that a new subscriber gets the last n items first, and then the items that follow, without
// a gap or a duplicate. It keeps these items when the last subscriber has left and when src has ended: the next subscriber
// gets them and then the items of the run that it starts. n must not be negative.
//
//	src:    --1--2--3--4--|
//	first:  --1--2--3--4--|
//	second:       2-3--4--|    n: 1, subscribed after 2
func ShareReplay[T any](src observable.Observable[T], n int) observable.Observable[T] {
	if src == nil {
		panic("operators.ShareReplay: nil source")
	}
	must.NotNegative("operators.ShareReplay", "n", n)
	return engine.NewMulticast(src, n).Observable(1)
}
