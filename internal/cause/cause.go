// Package cause tells the failure of a run from the news that its context is done.
package cause

import (
	"context"
	"errors"
	"reflect"
	"slices"
)

// Of is the failure of a run whose function returned err: the cause of ctx when err tells no more than that ctx is
// done, as functions that know nothing of causes do; else err as it is.
func Of(ctx context.Context, err error) error {
	if Alone(ctx, err) {
		return context.Cause(ctx)
	}
	return err
}

// Alone reports whether err tells no more than that ctx is done: it is the cause of ctx or ctx.Err(), or wraps
// nothing else. So a failure that is joined to the cause, such as one of tearing down, is not taken for it.
func Alone(ctx context.Context, err error) bool {
	return err != nil && ctx.Err() != nil && alone(err, ctx.Err(), context.Cause(ctx))
}

// Beside returns what err tells beside that ctx is done, and whether it tells that: nil when it tells nothing else, the
// other errors when it is a join of several, else err as it is.
func Beside(ctx context.Context, err error) (rest error, told bool) {
	if err == nil || ctx.Err() == nil {
		return err, false
	}
	if Alone(ctx, err) {
		return nil, true
	}
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		return err, errors.Is(err, ctx.Err()) || errors.Is(err, context.Cause(ctx))
	}
	var others []error
	for _, part := range joined.Unwrap() {
		other, toldToo := Beside(ctx, part)
		told = told || toldToo
		if other != nil {
			others = append(others, other)
		}
	}
	switch {
	case !told:
		return err, false
	case len(others) == 1:
		return others[0], true
	default:
		return errors.Join(others...), true
	}
}

// Join returns the result of an operator that failed and then stopped a source, which may have failed to stop cleanly.
// If only one of the two errors is there, Join returns it as it is, so that == and a type switch work on it.
func Join(failure, teardown error) error {
	switch {
	case failure == nil:
		return teardown
	case teardown == nil:
		return failure
	default:
		return errors.Join(failure, teardown)
	}
}

func alone(err, done, cause error) bool {
	if is(err, done) || is(err, cause) {
		return true
	}
	switch e := err.(type) {
	case interface{ Unwrap() error }:
		return alone(e.Unwrap(), done, cause)
	case interface{ Unwrap() []error }:
		wrapped := e.Unwrap()
		other := func(err error) bool { return !alone(err, done, cause) }
		return len(wrapped) > 0 && !slices.ContainsFunc(wrapped, other)
	default:
		return false
	}
}

// is compares as [errors.Is] does, without looking at what err wraps.
func is(err, target error) bool {
	if reflect.TypeOf(target).Comparable() && err == target {
		return true
	}
	e, ok := err.(interface{ Is(error) bool })
	return ok && e.Is(target)
}
