package operators

import (
	"github.com/rivulet-go/rivulet/internal/must"
	"github.com/rivulet-go/rivulet/observable"
)

// Share lets any number of subscribers share one run of the source. The first subscriber starts it, in a goroutine
// of its own and with the values of its context; it goes on while there are subscribers. The last one that leaves
// cancels it and waits for its end. Whoever subscribes after the run has ended, in whatever way, starts it anew.
//
//	src:    --1--2--3--4--|
//	first:  --1--2--3--4--|
//	second:       --3--4--|    subscribed after 2
//
// A subscriber gets what the source emits while it is subscribed, and its end. When the source emits at once, the
// first subscriber may have had everything before the second one comes: use [Connectable.AutoConnect] to wait for a
// number of subscribers, or [ShareReplay].
//
// Each item is kept once for all subscribers. Up to 1,024 items may wait for the slowest of them, beside up to 256
// that it has taken already, then the source waits; nothing is lost. A subscriber for which the others are not to
// wait takes the stream through [OnBackpressureDrop] or [OnBackpressureLatest], which always take what there is.
func Share[T any](src observable.Observable[T]) observable.Observable[T] {
	must.NotNil("operators.Share", src)
	return newMulticast(src, 0).observable(1)
}

// ShareReplay is [Share] that gives a new subscriber the last n items first, with neither a gap nor a duplicate
// between those and the ones that follow. The items stay when the last subscriber has left, and also after the
// source has ended: the next subscriber gets them, then those of the new run that it starts.
//
//	src:    --1--2--3--4--|
//	first:  --1--2--3--4--|
//	second:       2-3--4--|    n: 1, subscribed after 2
func ShareReplay[T any](src observable.Observable[T], n int) observable.Observable[T] {
	must.NotNil("operators.ShareReplay", src)
	must.NotNegative("operators.ShareReplay", "n", n)
	return newMulticast(src, n).observable(1)
}
