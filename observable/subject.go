package observable

import (
	"context"

	"github.com/rivulet-go/rivulet/internal/must"
	"github.com/rivulet-go/rivulet/internal/queue"
)

// Subject is a hot stream that the program feeds. Each observer gets the items that are sent while it observes. Items sent
// while there is no observer are discarded, unless the subject replays them.
//
// All methods may be called from any goroutine. Items that one goroutine sends keep their order. All observers get the
// items in the same order, each on its own goroutine and at its own pace.
//
// # Slow observers
//
// The subject keeps each item once, for all observers, until the slowest one has fetched it. Each observer can have 1,024
// items that wait for it ([WithCapacity]), in addition to a batch of up to 256 that it is processing and to the items that
// the subject replays. [WithOverflow] sets what happens then. By default Next waits, so that no item is lost; an observer
// that never returns from its callback then holds up the sender and, with it, the other observers. Under the other
// policies no observer ever holds up Next or another observer.
//
// # From inside an observer
//
// An observer may call Next, Error, Complete and Subscribe, and may dispose its subscription. Items sent from within an
// observer are delivered after all items sent earlier. Next never waits for the observer that calls it; the buffer grows
// beyond its capacity instead. Next may wait for another observer that is slower. It cannot detect a cycle that spans
// goroutines, such as two subjects that feed each other. Such a cycle deadlocks when all of its buffers are full.
type Subject[T any] struct {
	log *queue.Log[T]
}

// NewSubject returns a subject without items.
func NewSubject[T any](options ...SubjectOption) *Subject[T] {
	return newSubject[T](queue.LogConfig{}, options)
}

// NewReplaySubject returns a subject that gives a new observer the last n items first, also after the end. Between these and
// the following items there is neither a gap nor a duplicate. n must not be negative.
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

// Next sends an item to all observers. It waits only under the policy [Block], while an observer is too slow. After Error or
// Complete it does nothing; if it waits at that time, it returns without sending the item.
func (s *Subject[T]) Next(v T) { s.log.Append(nil, v) }

// Error ends the stream: every observer fails with err after the items that were sent before. err must not be nil. Only the
// first call of Error or Complete has an effect.
func (s *Subject[T]) Error(err error) {
	if err == nil {
		panic("observable.Subject.Error: nil error")
	}
	s.log.Close(err)
}

// Complete ends the stream: every observer completes after the items that were sent before. Only the first call of Error or
// Complete has an effect.
func (s *Subject[T]) Complete() { s.log.Close(nil) }

// Observable returns the subject as a stream, for operators. Each run of it is an observer from the moment it begins. It
// completes and fails like the subject, and fails with [ErrOverflow] if it is too slow under the policy [Fail]. It starts no
// goroutine.
//
// [Observable.Subscribe] and [Observable.Observe] begin the run in another goroutine, so that an item sent right after them
// may be missed. To avoid that, use [Subject.Subscribe] if there is no operator in between, or else a subject that replays,
// or wait until [Subject.Observers] counts the run.
func (s *Subject[T]) Observable() Observable[T] {
	return func(ctx context.Context, emit func(T) bool) error { return s.log.Join().Run(ctx, emit) }
}

// Subscribe is like [Observable.Subscribe], but registers the observer before it returns: the observer receives every item
// sent afterwards.
func (s *Subject[T]) Subscribe(ctx context.Context, observer Observer[T]) *Subscription {
	reader := s.log.Join()
	return Observable[T](reader.Run).Subscribe(ctx, observer)
}

// Observers returns the number of active observers: those whose run has begun and has not ended.
func (s *Subject[T]) Observers() int { return s.log.Readers() }

// BehaviorSubject is a [Subject] that always has a value: the item sent last or, before any, the initial value. A new
// observer gets the value first; after the end of the subject it gets only the end.
type BehaviorSubject[T any] struct {
	Subject[T]
}

// NewBehaviorSubject returns a subject whose value is initial.
func NewBehaviorSubject[T any](initial T, options ...SubjectOption) *BehaviorSubject[T] {
	s := &BehaviorSubject[T]{*newSubject[T](queue.LogConfig{Replay: 1, EndOnly: true}, options)}
	s.Next(initial)
	return s
}

// Value returns the most recently sent item. It remains valid after the subject has ended.
func (s *BehaviorSubject[T]) Value() T { return s.log.Last() }
