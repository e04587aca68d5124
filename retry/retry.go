// Package retry decides when a task that failed is tried again, and how long to wait before that.
//
// [Policy] is the one policy of operators.Retry, of source.FromEventSource and of every other source that holds a
// connection. A [Schedule] applies a policy to one task; a program needs it only for a loop of its own.
//
// # When to use this, and when not
//
// Use a Policy with the sources and operators that take one. Use a Schedule for a loop of your own that connects. A call that
// is tried three times in a row, without a delay that depends on the failures, needs neither.
package retry

import (
	"fmt"
	"strings"
	"time"

	"github.com/rivulet-go/rivulet/internal/must"
)

// Policy describes how a task is retried. A field that is zero has its default; a negative delay, jitter or healthy
// time means none.
//
// The delay after the first failure in a row is InitialDelay. It doubles with every further failure, up to MaxDelay.
// Jitter shortens each delay by a random fraction of up to Jitter. No delay exceeds 24 hours.
type Policy struct {
	// InitialDelay is the delay after the first failure in a row. Default: 3s. Negative means no delay at all.
	InitialDelay time.Duration
	// MaxDelay is the longest delay. Default: 30s. If it is negative or less than InitialDelay, the delay does not
	// grow.
	MaxDelay time.Duration
	// Jitter is the largest fraction by which a delay is shortened at random, at most 1. Default: 0.5. Negative means
	// none.
	Jitter float64
	// MaxAttempts is the number of attempts that may fail in a row, the first one included. Default: no limit.
	MaxAttempts int
	// FirstAttempts is the number of attempts that may fail before the first success. After a success, MaxAttempts
	// alone applies. Default: no limit other than MaxAttempts.
	//
	// An attempt of operators.Retry succeeds when it emits its first item, one of a source when its connection is open.
	FirstAttempts int
	// HealthyAfter is the time after which an attempt that succeeded counts as healthy. When it fails later than that,
	// the count of failures in a row starts again. Default: 5s. Negative means that every success is healthy.
	HealthyAfter time.Duration
	// Retryable reports whether the task is retried after this error. Default: always, or what the source documents.
	Retryable func(error) bool
}

const (
	defaultInitialDelay = 3 * time.Second
	defaultMaxDelay     = 30 * time.Second
	defaultJitter       = 0.5
	defaultHealthyAfter = 5 * time.Second

	// longestDelay bounds every delay, also one that a server asks for, so that no sum overflows.
	longestDelay = 24 * time.Hour
)

// Check panics if a count is negative or Jitter is more than 1. The message names function, which is the function that
// was given the policy, such as "operators.Retry".
func (p Policy) Check(function string) {
	must.NotNegative(function, "MaxAttempts", p.MaxAttempts)
	must.NotNegative(function, "FirstAttempts", p.FirstAttempts)
	if !(p.Jitter <= 1) { // also if it is NaN
		panic(fmt.Sprintf("%s: Jitter is %v, it must not be more than 1", function, p.Jitter))
	}
}

func (p Policy) withDefaults() Policy {
	p.InitialDelay = min(orDefault(p.InitialDelay, defaultInitialDelay), longestDelay)
	p.MaxDelay = min(orDefault(p.MaxDelay, defaultMaxDelay), longestDelay)
	p.Jitter = orDefault(p.Jitter, defaultJitter)
	p.HealthyAfter = orDefault(p.HealthyAfter, defaultHealthyAfter)
	return p
}

// orDefault returns value, or otherwise if value is zero, or 0 if it is negative.
func orDefault[T time.Duration | float64](value, otherwise T) T {
	if value == 0 {
		return otherwise
	}
	return max(value, 0)
}

// Error is the failure of a task that was given up: as many attempts as the policy allows have failed in a row.
type Error struct {
	Attempts int   // how many attempts have failed in a row
	Err      error // the failure of the last one
}

func (e *Error) Error() string {
	attempts := "attempts"
	if e.Attempts == 1 {
		attempts = "attempt"
	}
	reason := strings.TrimPrefix(e.Err.Error(), "rivulet: ")
	return fmt.Sprintf("rivulet: giving up after %d %s: %s", e.Attempts, attempts, reason)
}

// Unwrap returns the failure of the last attempt.
func (e *Error) Unwrap() error { return e.Err }
