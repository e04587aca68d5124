// Package cause tells the failure of a function from the news that its context is done.
package cause

import (
	"context"
	"errors"
)

// Of is the failure of a run whose function returned err: the cause of ctx when ctx is done and err is no more than
// its ctx.Err(), perhaps wrapped, as functions that know nothing of causes return it; else err as it is.
func Of(ctx context.Context, err error) error {
	if done := ctx.Err(); done != nil && errors.Is(err, done) {
		return context.Cause(ctx)
	}
	return err
}
