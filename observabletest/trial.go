package observabletest

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"time"

	"github.com/rivulet-go/rivulet/observable"
)

// never is the item at which something does not happen.
const never = -1

// trial is a way to run an Observable, once or several times at once.
type trial[T any] struct {
	config
	*journal
	name     string
	runs     int           // how many at once; 0 is 1
	stopAt   int           // the item, counted from 1, at which emit returns false
	cancelAt int           // the item within which the context is cancelled; 0 is before the run
	waitAt   int           // the item after which, when the run waits, the context is cancelled; 0 is before the first
	pause    time.Duration // how long emit takes
	want     *result[T]    // what must come out, unless nil
	mayEnd   *result[T]    // what may come out although the context was cancelled, unless nil
}

// result is what came out of a run.
type result[T any] struct {
	items []T
	err   error
	ended bool // by itself, not by a stop or a cancel
}

func (t *trial[T]) fail(r rule, format string, args ...any) {
	t.note(violation{r, t.name + ": " + fmt.Sprintf(format, args...)})
}

// perform makes the trial and returns what came out of its first run.
func (t *trial[T]) perform(o observable.Observable[T]) result[T] {
	runs := make([]*run[T], max(t.runs, 1))
	for i := range runs {
		runs[i] = &run[T]{trial: t}
	}
	t.begin(func(problem string) { t.fail(runs[0].culprit(), "%s", problem) })
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
			t.fail(structured, "goroutines are left after the return:\n%s", strings.Join(left, "\n"))
		}
	}
	time.Sleep(t.world.linger)
}

// judge looks at how a run returned.
func (t *trial[T]) judge(r *run[T], err error) {
	switch {
	case r.stopped && err != nil:
		t.fail(stopping, "it returned the error %q, not nil, after emit had returned false", err)
	case r.stopped:
	case r.cancelled && err == errCause:
	case r.cancelled && t.mayEnd != nil && r.late == 0 && t.isEnd(len(r.items), err):
	case r.cancelled && err == nil:
		t.fail(cancelling, "it returned nil, not context.Cause(ctx), after its context had been cancelled")
	case r.cancelled && errors.Is(err, context.Canceled):
		t.fail(cancelling, "it returned the error %q, not context.Cause(ctx)", err)
	case r.cancelled:
		t.fail(cancelling, "it returned the error %q, not context.Cause(ctx) as it is", err)
	case errors.Is(err, context.Canceled):
		t.fail(cancelling, "it returned context.Canceled, though nobody had cancelled its context")
	}
	if took := time.Since(r.asked); (r.stopped || r.cancelled) && took > t.world.prompt {
		t.fail(r.toldBy(), "it returned only %v after it was told to", took)
	}
}

// isEnd tells whether a run that was cancelled within its n-th item and returned err had come to its end with it.
func (t *trial[T]) isEnd(n int, err error) bool {
	return t.mayEnd.ended && sameError(err, t.mayEnd.err) && (n == len(t.mayEnd.items) || t.varying)
}
