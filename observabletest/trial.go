package observabletest

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"time"

	"github.com/rivulet-go/rivulet/observable"
)

// never is the item at which something does not happen.
const never = -1

// trial is a way to run an Observable, once or several times concurrently.
type trial[T any] struct {
	config
	*journal
	name     string
	runs     int           // the number of concurrent runs; 0 means 1
	stopAt   int           // the item, counted from 1, at which emit returns false
	cancelAt int           // the item within which the context is canceled; 0 means before the run
	waitAt   int           // the item after which the context is canceled once the run waits; 0 means before the first
	pause    time.Duration // how long emit takes
	want     *result[T]    // the result that is required, unless nil
	mayEnd   *result[T]    // the result that is allowed although the context was canceled, unless nil
}

// result is what a run emitted and returned.
type result[T any] struct {
	items []T
	err   error
	ended bool // by itself, not by a stop or a cancel
}

func (t *trial[T]) fail(r rule, format string, args ...any) {
	t.note(violation{r, t.name + ": " + fmt.Sprintf(format, args...)})
}

// perform runs the trial and returns the result of its first run.
func (t *trial[T]) perform(o observable.Observable[T]) result[T] {
	runs := make([]*run[T], max(t.runs, 1))
	for i := range runs {
		runs[i] = &run[T]{trial: t}
	}
	t.begin(step{
		report:     func(problem string) { t.fail(runs[0].brokenRule(), "%s", problem) },
		leftBehind: func() []string { return leftBehind(runs) },
	})
	t.inWorld(runs, o)
	got := runs[0].result()
	if t.hung.Load() {
		return got
	}
	if t.want != nil {
		t.compare(*t.want, got)
	}
	for _, r := range runs[1:] {
		t.compare(got, r.result())
	}
	return got
}

func (t *trial[T]) inWorld(runs []*run[T], o observable.Observable[T]) {
	goroutines := runtime.NumGoroutine()
	for _, r := range runs {
		r.start(o)
	}
	for _, r := range runs {
		r.watch()
	}
	if t.hung.Load() {
		return
	}
	for _, r := range runs {
		if left := t.world.leftover(r.id, goroutines); len(left) > 0 {
			t.hung.Store(true)
			t.fail(structured, "%s", leak(left))
			return
		}
	}
	time.Sleep(t.world.linger)
}

// leftBehind returns the goroutines of those runs that have returned.
func leftBehind[T any](runs []*run[T]) (stacks []string) {
	for _, r := range runs {
		if r.hasReturned() {
			stacks = append(stacks, labeledBy(r.id)...)
		}
	}
	return stacks
}

// checkReturn checks how a run returned.
func (t *trial[T]) checkReturn(r *run[T], err error) {
	switch {
	case r.stopped && err != nil:
		t.fail(stopping, "it returned the error %q, not nil, after emit had returned false", err)
	case r.stopped:
	case r.canceled && reportsCancel(err):
	case r.canceled && t.mayEnd != nil && r.late == 0 && t.isEnd(len(r.items), err):
	case r.canceled && err == nil:
		t.fail(canceling, "it returned nil, not context.Cause(ctx), after its context had been canceled")
	case r.canceled:
		t.fail(canceling, "it returned the error %q, not context.Cause(ctx) alone or as a part of errors.Join", err)
	case errors.Is(err, context.Canceled):
		t.fail(canceling, "it returned context.Canceled, although its context had not been canceled")
	}
	if took := time.Since(r.endedAt); (r.stopped || r.canceled) && took > t.world.prompt {
		t.fail(r.stopRule(), "it returned only %v after the stop or cancel", took)
	}
}

// reportsCancel reports whether err is what a canceled run must return: the cause itself, or a join of the cause and
// other errors. An error that wraps the cause in another way is not: the caller could not separate the two.
func reportsCancel(err error) bool {
	if err == errCause {
		return true
	}
	joined, ok := err.(interface{ Unwrap() []error })
	return ok && len(joined.Unwrap()) > 1 && slices.ContainsFunc(joined.Unwrap(), reportsCancel)
}

// isEnd reports whether a run that was canceled within its n-th item and returned err had ended with that item.
func (t *trial[T]) isEnd(n int, err error) bool {
	return t.mayEnd.ended && sameError(err, t.mayEnd.err) && (n == len(t.mayEnd.items) || t.varying)
}
