// Package retry says how long to wait before something that failed is tried again, and when to give up.
package retry

import (
	"fmt"
	"time"

	"github.com/cenkalti/backoff/v5"

	"github.com/rivulet-go/rivulet/internal/must"
)

// Policy has the fields of source.RetryPolicy and operators.RetryPolicy, so that either converts to it.
// A field that is zero has the default of its constant.
type Policy struct {
	InitialDelay time.Duration
	MaxDelay     time.Duration
	Jitter       float64
	MaxAttempts  int
	HealthyAfter time.Duration
	Retryable    func(error) bool
}

// The defaults of a Policy; that of MaxAttempts is no limit.
const (
	InitialDelay = 3 * time.Second
	MaxDelay     = 30 * time.Second
	Jitter       = 0.5
	HealthyAfter = 5 * time.Second
)

// maxDelay is the longest delay, whatever the policy or a server asks for. It keeps sums far from an overflow.
const maxDelay = 24 * time.Hour

// Check panics when a field is out of its range. function is named in the message.
func (p Policy) Check(function string) {
	must.NotNegative(function, "InitialDelay", p.InitialDelay)
	must.NotNegative(function, "MaxDelay", p.MaxDelay)
	must.NotNegative(function, "MaxAttempts", p.MaxAttempts)
	must.NotNegative(function, "HealthyAfter", p.HealthyAfter)
	if !(p.Jitter <= 1) { // so that it catches a NaN
		panic(fmt.Sprintf("%s: Jitter is %v, it must not be more than 1", function, p.Jitter))
	}
}

func (p Policy) withDefaults() Policy {
	p.InitialDelay = min(orDefault(p.InitialDelay, InitialDelay), maxDelay)
	p.MaxDelay = min(orDefault(p.MaxDelay, MaxDelay), maxDelay)
	p.Jitter = max(orDefault(p.Jitter, Jitter), 0)
	p.HealthyAfter = orDefault(p.HealthyAfter, HealthyAfter)
	return p
}

func orDefault[T comparable](value, otherwise T) T {
	var zero T
	if value == zero {
		return otherwise
	}
	return value
}

// Schedule counts the attempts that failed in a row and says how long to wait after each. It is not for concurrent
// use.
type Schedule struct {
	policy Policy
	first  time.Duration // the delay after the first failure in a row
	floor  time.Duration // no delay is shorter
	failed int
	grow   backoff.ExponentialBackOff
}

// New returns the schedule of a policy, with no failure counted yet.
func New(p Policy) *Schedule {
	s := &Schedule{policy: p.withDefaults()}
	s.first = s.policy.InitialDelay
	s.restart()
	return s
}

// SetFirst replaces the delay after the first failure in a row, for good, by one that no later delay undercuts: a
// server that names a time is not asked sooner. The growth goes on where it was. After a first delay of 0, which
// cannot grow, the delays of the policy follow. Values beyond 24 hours count as 24 hours.
func (s *Schedule) SetFirst(d time.Duration) {
	d = min(max(d, 0), maxDelay)
	s.first, s.floor = d, d
	s.restart()
}

// restart sets the backoff to where it is after the failures counted.
func (s *Schedule) restart() {
	initial, steps := s.first, s.failed
	if initial == 0 {
		initial, steps = s.policy.InitialDelay, steps-1
	}
	// cenkalti's interval lies around its centre, ours between (1-Jitter)*delay and the delay.
	centre := 1 - s.policy.Jitter/2
	s.grow = backoff.ExponentialBackOff{
		InitialInterval:     max(time.Duration(centre*float64(initial)), 1), // 0 would never grow
		MaxInterval:         time.Duration(centre * float64(max(initial, s.policy.MaxDelay))),
		RandomizationFactor: s.policy.Jitter / 2 / centre,
		Multiplier:          2,
	}
	const enough = 64 // doublings: from the shortest delay to the longest
	for range min(steps, enough) {
		s.grow.NextBackOff()
	}
}

// Failed counts an attempt that failed after it had worked for up, and returns how many have failed in a row and how
// long to wait before the next. again is false when the policy allows no further one. An attempt that worked for
// HealthyAfter or longer begins a new row.
func (s *Schedule) Failed(up time.Duration) (failed int, delay time.Duration, again bool) {
	if up >= s.policy.HealthyAfter {
		s.failed = 0
		s.restart()
	}
	s.failed++
	if s.failed == s.policy.MaxAttempts {
		return s.failed, 0, false
	}
	if s.failed == 1 && s.first == 0 {
		return s.failed, 0, true
	}
	return s.failed, max(s.grow.NextBackOff(), s.floor), true
}
