package operators

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"

	"github.com/rivulet-go/rivulet/internal/cause"
	"github.com/rivulet-go/rivulet/internal/engine"
	"github.com/rivulet-go/rivulet/internal/queue"
	"github.com/rivulet-go/rivulet/observable"
)

// A scope owns the goroutines of one run of an operator: they end when it is closed, and close waits for them.
type scope struct {
	parent context.Context // of the operator
	ctx    context.Context // of its sources
	cancel context.CancelCauseFunc
	tasks  sync.WaitGroup
	idle   chan func() // takes a task when a goroutine is idle
	idlers atomic.Int64

	mu      sync.Mutex
	failure error // of a watched stream, which ended the operator
	late    error // failures of sources to end cleanly
}

// errEnded is the cause with which an operator cancels its sources.
var errEnded = errors.New("rivulet: the operator has no more use for this source")

// errExited is the failure of a source that does not return: it ends its goroutine, as the FailNow of a test does.
var errExited = errors.New("rivulet: a source has called runtime.Goexit")

// newScope returns a scope without goroutines. The operator must defer its close.
func newScope(ctx context.Context) *scope {
	s := &scope{}
	s.init(ctx)
	return s
}

func (s *scope) init(ctx context.Context) {
	s.parent = unwitnessed(ctx)
	s.ctx, s.cancel = context.WithCancelCause(s.parent)
	s.idle = make(chan func())
}

// mostIdle is how many goroutines whose sources have ended wait for another source. To an operator that starts many
// short ones a new goroutine, whose stack has to grow first, would cost three times as much.
const mostIdle = 16

// do runs a task in a goroutine that nothing else uses before the task is done.
func (s *scope) do(task func()) {
	select {
	case s.idle <- task:
		return
	default:
	}
	s.tasks.Go(func() {
		for task != nil {
			task()
			task = s.nextTask()
		}
	})
}

// nextTask returns nil at the end of the scope, or at once if enough goroutines are idle already.
func (s *scope) nextTask() (task func()) {
	defer s.idlers.Add(-1)
	if s.idlers.Add(1) > mostIdle {
		return nil
	}
	select {
	case task = <-s.idle:
	case <-s.ctx.Done():
	}
	return task
}

// run runs a source in a goroutine of its own, which puts what it emits into inbox.
func run[M any](s *scope, ctx context.Context, src observable.Observable[M], inbox *queue.Inbox[M]) {
	lane := inbox.Open()
	s.feed(lane.End, func() (failure error, told bool) {
		w, done := &witness{Context: ctx}, ctx.Done()
		return w.judge(src(w, func(m M) bool {
			w.stopped = !lane.Put(done, m)
			return !w.stopped
		}))
	})
}

// feed runs a task that attends to a source, and ends the part of that source, in whatever way the task does.
func (s *scope) feed(end func(error) bool, task func() (failure error, told bool)) {
	s.do(func() {
		failure, told := errExited, false
		defer func() { s.conclude(failure, told, end) }()
		failure, told = task()
	})
}

// conclude ends the part of a source, with what attend says of it. end returns false for an error that comes too late.
func (s *scope) conclude(failure error, told bool, end func(error) bool) {
	if told && s.ctx.Err() != nil {
		s.addLate(failure)
		failure = nil
	}
	if !end(failure) && told {
		s.addLate(failure)
	}
}

// attend runs a source and returns how it failed, apart from the news that ctx is done, and whether it was told to end.
//
// A failure after the operator's end counts only if the source was told: it then failed to end cleanly. One that was
// not failed by itself, and only by chance not a moment later.
func attend[T any](
	ctx context.Context, src observable.Observable[T], emit func(T) bool,
) (failure error, told bool) {
	w := &witness{Context: ctx}
	return w.judge(src(w, func(v T) bool {
		w.stopped = !emit(v)
		return !w.stopped
	}))
}

// A witness is the context of a source. It knows whether somebody may have learnt from it that it is done.
type witness struct {
	context.Context
	asked   atomic.Bool
	stopped bool // emit has said stop
}

// judge returns what attend does for a source that has returned err.
func (w *witness) judge(err error) (failure error, told bool) {
	failure, told = cause.Beside(w.Context, err)
	return failure, told || w.stopped || w.asked.Load() && w.Context.Err() != nil
}

func (w *witness) Done() <-chan struct{} {
	w.asked.Store(true)
	return w.Context.Done()
}

func (w *witness) Err() error {
	err := w.Context.Err()
	if err != nil {
		w.asked.Store(true)
	}
	return err
}

// unwitnessed is the context for an operator with a scope. It needs no witness: when it was told to end, what could not
// end cleanly comes beside the cause. Any other failure was one before, only by chance not a moment earlier.
func unwitnessed(ctx context.Context) context.Context {
	if w, ok := ctx.(*witness); ok {
		return w.Context
	}
	return ctx
}

func (s *scope) addLate(err error) {
	s.mu.Lock()
	s.late = cause.Join(s.late, err)
	s.mu.Unlock()
}

// close cancels what still runs, waits for its end, and adds what could not end cleanly to the operator's result.
func (s *scope) close(result *error) {
	s.cancel(errEnded)
	s.tasks.Wait()
	*result = cause.Join(*result, s.late)
}

// watch runs another stream beside the operator's own source, on which it has a head start. notice is called on
// the goroutine of the other stream. When that fails, the source is cancelled.
func watch[T any](s *scope, other observable.Observable[T], notice func(T) bool) {
	ahead := newHeadStart(s.ctx)
	defer ahead.wait()
	s.tasks.Go(func() {
		close(ahead.begun)
		defer ahead.end()
		failure, told := attend(ahead, other, notice)
		if told && s.ctx.Err() != nil {
			s.addLate(failure)
			return
		}
		s.fail(failure)
	})
}

// fail ends the operator's own source because of a failure, unless the operator has come to its end.
func (s *scope) fail(failure error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if failure != nil && s.ctx.Err() == nil {
		s.failure = failure
		s.cancel(errEnded)
	}
}

// own runs the operator's own source on its goroutine, unless what it watches has ended it already, and returns the
// operator's result.
func own[T any](s *scope, src observable.Observable[T], emit func(T) bool) error {
	var failure error
	told := true
	out := engine.Gate[T]{Emit: emit}
	if s.ctx.Err() == nil {
		failure, told = attend(s.ctx, src, out.Send)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case out.Stopped, !told && failure != nil:
		return failure
	case s.parent.Err() != nil:
		return cause.Join(context.Cause(s.parent), failure)
	default:
		return cause.Join(s.failure, failure)
	}
}
