// Package cause separates the failure of a run from errors that say only that its context is done.
package cause

import (
	"context"
	"errors"
	"reflect"
	"slices"
)

// Of returns the failure of a run whose function has returned err: the cause of ctx if err says only that ctx is done, as
// functions do that do not use causes, or else err as it is.
func Of(ctx context.Context, err error) error {
	if Alone(ctx, err) {
		return context.Cause(ctx)
	}
	return err
}

// Alone reports whether err says only that ctx is done: it is the cause of ctx or ctx.Err(), or wraps nothing else. A
// failure that is joined to the cause, such as an error of closing a connection, makes it false.
func Alone(ctx context.Context, err error) bool {
	return err != nil && ctx.Err() != nil && alone(err, ctx.Err(), context.Cause(ctx))
}

// Split removes from err the errors that say only that ctx is done, and reports whether there were any. It returns nil
// if nothing is left, the other errors if err is a join of several, or else err as it is.
func Split(ctx context.Context, err error) (rest error, canceled bool) {
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
		other, also := Split(ctx, part)
		canceled = canceled || also
		if other != nil {
			others = append(others, other)
		}
	}
	switch {
	case !canceled:
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

// is compares like [errors.Is], but does not look at the errors that err wraps.
func is(err, target error) bool {
	if reflect.TypeOf(target).Comparable() && err == target {
		return true
	}
	e, ok := err.(interface{ Is(error) bool })
	return ok && e.Is(target)
}
