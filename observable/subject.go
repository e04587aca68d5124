package observable

import (
	"context"

	"github.com/rivulet-go/rivulet/internal/must"
	"github.com/rivulet-go/rivulet/internal/queue"
)

// Subject is a hot stream that the program feeds: every observer gets the items that are sent while it observes.
// What is sent while nobody does is lost, as ever with a hot stream, unless the subject replays it.
//
// All methods may be called from any goroutine. Items that one goroutine sends keep their order, and all observers
// get all items in the same order, each on its own goroutine and at its own pace.
//
// # Slow observers
//
// The subject keeps each item once, for all observers, until the slowest has taken it. An observer takes up to 256
// items at a time; besides, up to 1,024 may wait for it ([WithCapacity]), and as many as the subject replays. What
// then happens is set by [WithOverflow]. By default Next waits, so that nothing is lost, and an observer that never
// returns from its callback holds up, in the end, the sender and with it the others. Under the other policies no
// observer ever holds up Next or another observer.
//
// # From inside an observer
//
// Next, Error, Complete and Subscribe may be called from inside an observer, and a subscription may be disposed of
// there. An item that is sent so comes after those that were sent before. Next never waits for the very observer
// that calls it: for such an item the buffer grows beyond its capacity. Next may wait there for another observer that
// is slower, and it cannot know who waits through another goroutine, as when two subjects feed each other or an
// operator with a buffer stands between subject and observer. Such a circle stops when all of its buffers are full.
type Subject[T any] struct {
	log *queue.Log[T]
}

// NewSubject returns a subject without items.
func NewSubject[T any](options ...SubjectOption) *Subject[T] {
	return newSubject[T](queue.LogConfig{}, options)
}

// NewReplaySubject returns a subject that gives a new observer the last n items first, also after the end. There is
// neither a gap nor a duplicate between those and the ones that follow.
func NewReplaySubject[T any](n int, options ...SubjectOption) *Subject[T] {
	must.NotNegative("observable.NewReplaySubject", "n", n)
	return newSubject[T](queue.LogConfig{Replay: n}, options)
}

func newSubject[T any](config queue.LogConfig, options []SubjectOption) *Subject[T] {
	config.Capacity, config.Dropped, config.Reentrant = defaultCapacity, logDropped, true
	for _, option := range options {
		option(&config)
	}
	return &Subject[T]{log: queue.NewLog[T](config)}
}

// Next sends an item to all observers. It waits only under the policy [Block], when one of them is too slow.
// After Error or Complete it does nothing, and one that waits then returns without having sent its item.
func (s *Subject[T]) Next(v T) { s.log.Append(nil, v) }

// Error ends the stream: every observer fails with err, which must not be nil, after the items that were sent before.
// Only the first call of Error or Complete counts.
func (s *Subject[T]) Error(err error) {
	if err == nil {
		panic("observable.Subject.Error: nil error")
	}
	s.log.Close(err)
}

// Complete ends the stream: every observer completes, after the items that were sent before.
// Only the first call of Error or Complete counts.
func (s *Subject[T]) Complete() { s.log.Close(nil) }

// Observable is the subject as a stream, for operators. Each run of it is an observer, from the moment it begins. It
// ends as the subject does, and with [ErrOverflow] if it is too slow under the policy [Fail]. It starts no goroutine.
//
// [Observable.Subscribe] and [Observable.Observe] begin the run in another goroutine, so that an item sent right
// after them may be missed: use [Subject.Subscribe] if there is no operator between, else a subject that replays, or
// wait until [Subject.Observers] tells that the run has begun.
func (s *Subject[T]) Observable() Observable[T] {
	return func(ctx context.Context, emit func(T) bool) error { return s.log.Join().Run(ctx, emit) }
}

// Subscribe is as [Observable.Subscribe], but that the observer gets every item that is sent after it has returned.
func (s *Subject[T]) Subscribe(ctx context.Context, observer Observer[T]) *Subscription {
	reader := s.log.Join()
	return Observable[T](reader.Run).Subscribe(ctx, observer)
}

// Observers tells how many observe now: those whose run has begun and not ended.
func (s *Subject[T]) Observers() int { return s.log.Readers() }

// BehaviorSubject is a [Subject] that always has a value: the item sent last, at first the initial one. An observer
// gets the value first; one that comes after the end gets only the end.
type BehaviorSubject[T any] struct {
	Subject[T]
}

// NewBehaviorSubject returns a subject with a value.
func NewBehaviorSubject[T any](initial T, options ...SubjectOption) *BehaviorSubject[T] {
	s := &BehaviorSubject[T]{*newSubject[T](queue.LogConfig{Replay: 1, EndOnly: true}, options)}
	s.Next(initial)
	return s
}

// Value returns the item sent last; after the end the last one before it.
func (s *BehaviorSubject[T]) Value() T { return s.log.Last() }
