// Package clock waits: for a time, or until a context is done.
package clock

import (
	"context"
	"time"
)

// Sleep waits for d, or until ctx is done, and then returns the cause. If both are over at once, it returns the cause.
func Sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
	return context.Cause(ctx)
}

// Stopped returns a timer that does not run until Reset.
func Stopped() *time.Timer {
	timer := time.NewTimer(time.Hour)
	timer.Stop()
	return timer
}
