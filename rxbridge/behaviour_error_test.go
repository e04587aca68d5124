package rxbridge_test

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/reactivex/rxgo/v2"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/retry"
	"github.com/rivulet-go/rivulet/source"
)

// flaky emits 1 and fails, at its first runs; at a later one it is complete.
func flaky(failures int32) rxgo.Observable {
	var runs atomic.Int32
	return rxgo.Defer([]rxgo.Producer{func(_ context.Context, next chan<- rxgo.Item) {
		next <- rxgo.Of(1)
		if runs.Add(1) <= failures {
			next <- rxgo.Error(errBroken)
		}
	}})
}

// retried draws what Retry makes of a source of ours that is flaky like that.
func retried(failures int, policy retry.Policy) func() string {
	return func() string {
		runs := 0
		return drawn(operators.Retry(source.Defer(func() observable.Observable[int] {
			if runs++; runs <= failures {
				return failing(1)
			}
			return source.Of(1)
		}), policy))()
	}
}

// twice lets a run be tried two times more.
type twice struct{ left int }

func (b *twice) Reset() { b.left = 2 }

func (b *twice) NextBackOff() time.Duration {
	b.left--
	if b.left < 0 {
		return -1
	}
	return time.Second
}

func always(error) bool { return true }

var failingOver = []comparison{
	{"OnErrorReturn", "of a failing source", "1 7", "",
		func(rxgo.Option) rxgo.Iterable { return just(1, errBroken).OnErrorReturn(func(error) any { return 7 }) },
		drawn(operators.OnErrorReturn(failing(1), func(error) int { return 7 }))},
	{"OnErrorReturn", "of a source that goes on after its failure", "1 7", "1 7 2",
		func(rxgo.Option) rxgo.Iterable {
			return just(1, errBroken, 2).OnErrorReturn(func(error) any { return 7 })
		},
		drawn(operators.OnErrorReturn(failing(1), func(error) int { return 7 }))},
	{"OnErrorReturnItem", "of a failing source", "1 7", "",
		func(rxgo.Option) rxgo.Iterable { return just(1, errBroken).OnErrorReturnItem(7) },
		drawn(operators.OnErrorReturn(failing(1), func(error) int { return 7 }))},
	{"OnErrorReturnItem", "of a source that goes on after its failure", "1 7", "1 7 2",
		func(rxgo.Option) rxgo.Iterable { return just(1, errBroken, 2).OnErrorReturnItem(7) },
		drawn(operators.OnErrorReturn(failing(1), func(error) int { return 7 }))},
	{"OnErrorResumeNext", "of a failing source", "1 2 3", "",
		func(rxgo.Option) rxgo.Iterable {
			return just(1, errBroken).OnErrorResumeNext(func(error) rxgo.Observable { return just(2, 3) })
		},
		drawn(operators.Catch(failing(1), func(error) observable.Observable[int] { return source.Of(2, 3) }))},
	{"OnErrorResumeNext", "with a failing stream", "1 2 !broken", "1 2 2 2 2 2 2 2 2 2 2",
		func(with rxgo.Option) rxgo.Iterable {
			again := func(error) rxgo.Observable { return just(2, errBroken) }
			return just(1, errBroken).OnErrorResumeNext(again).Take(11, with)
		},
		drawn(operators.Catch(failing(1), func(error) observable.Observable[int] { return failing(2) }))},
	{"Retry", "of a source that recovers", "1 1 1", "",
		func(with rxgo.Option) rxgo.Iterable { return flaky(2).Retry(2, always, with) },
		retried(2, retry.Policy{MaxAttempts: 3})},
	{"Retry", "that gives up", "1 1 1 !rivulet: giving up after 3 attempts: broken", "1 1 1 !broken",
		func(with rxgo.Option) rxgo.Iterable { return flaky(3).Retry(2, always, with) },
		retried(3, retry.Policy{MaxAttempts: 3})},
	{"Retry", "that is not wanted", "1 !broken", "",
		func(with rxgo.Option) rxgo.Iterable {
			return flaky(1).Retry(2, func(error) bool { return false }, with)
		},
		retried(1, retry.Policy{Retryable: func(error) bool { return false }})},
	{"Retry", "that is run again", "1 1", "nothing",
		func(with rxgo.Option) rxgo.Iterable {
			retried := flaky(1).Retry(2, always, with)
			drawnRxGo(retried, with)
			return retried
		},
		again(operators.Retry(failingEveryOther(), retry.Policy{MaxAttempts: 3}))},
	{"BackOffRetry", "of a source that recovers", "1 1 1", "",
		func(with rxgo.Option) rxgo.Iterable { return flaky(2).BackOffRetry(&twice{}, with) },
		retried(2, retry.Policy{MaxAttempts: 3})},
	{"BackOffRetry", "that gives up", "1 1 1 !rivulet: giving up after 3 attempts: broken", "1 1 1 !broken",
		func(with rxgo.Option) rxgo.Iterable { return flaky(3).BackOffRetry(&twice{}, with) },
		retried(3, retry.Policy{MaxAttempts: 3})},
	{"Repeat", "of items", "1 2 1 2 1 2", "",
		func(rxgo.Option) rxgo.Iterable { return just(1, 2).Repeat(2, nil) },
		drawn(operators.Repeat(source.Of(1, 2), 3))},
	{"Repeat", "of 0", "nothing", "1 2",
		func(rxgo.Option) rxgo.Iterable { return just(1, 2).Repeat(0, nil) },
		drawn(operators.Repeat(source.Of(1, 2), 0))},
	{"Repeat", "of a failing source", "1 !broken", "1 !broken 1 1",
		func(rxgo.Option) rxgo.Iterable { return just(1, errBroken).Repeat(2, nil) },
		drawn(operators.Repeat(failing(1), 3))},
}

// failingEveryOther fails at its first run, and every other.
func failingEveryOther() observable.Observable[int] {
	var runs atomic.Int32
	return source.Defer(func() observable.Observable[int] {
		if runs.Add(1)%2 == 1 {
			return failing(1)
		}
		return source.Of(1)
	})
}
