package retry

import (
	"math"
	"math/rand/v2"
	"time"
)

// Schedule applies a [Policy] to one task. Call Succeeded when an attempt works and Failed when it has failed. A
// Schedule is not safe for concurrent use.
type Schedule struct {
	policy    Policy
	failures  int       // in a row
	succeeded time.Time // when the attempt under way did; zero if it has not
	worked    bool      // an attempt has succeeded

	server    time.Duration // replaces InitialDelay if serverSet
	serverSet bool
}

// NewSchedule returns the schedule of a task under a policy. It panics if the policy is not valid.
func NewSchedule(p Policy) *Schedule {
	p.Check("retry.NewSchedule")
	return &Schedule{policy: p.withDefaults()}
}

// Succeeded records that the attempt under way works. Further calls in the same attempt do nothing.
func (s *Schedule) Succeeded() {
	if s.succeeded.IsZero() {
		s.succeeded, s.worked = time.Now(), true
	}
}

// Failed records that the attempt under way has failed with err and returns the delay until the next attempt. If there
// must be none, giveUp is not nil: it is err if the policy does not retry err, and an [*Error] if too many attempts
// have failed.
func (s *Schedule) Failed(err error) (delay time.Duration, giveUp error) {
	if s.policy.Retryable != nil && !s.policy.Retryable(err) {
		return 0, err
	}
	if !s.succeeded.IsZero() && time.Since(s.succeeded) >= s.policy.HealthyAfter {
		s.failures = 0
	}
	s.succeeded = time.Time{}
	s.failures++
	if s.failures == s.policy.MaxAttempts || !s.worked && s.failures == s.policy.FirstAttempts {
		return 0, &Error{Attempts: s.failures, Err: err}
	}
	return s.delay(), nil
}

// Failures returns how many attempts have failed in a row.
func (s *Schedule) Failures() int { return s.failures }

// SetInitialDelay replaces the policy's InitialDelay by a delay that the other side asks for. No later delay is shorter
// than d. If d is 0 the first retry is immediate, and later delays grow from the policy's InitialDelay. The count of
// failures in a row stays as it is. A delay of more than 24 hours counts as 24 hours.
func (s *Schedule) SetInitialDelay(d time.Duration) {
	s.server, s.serverSet = min(max(d, 0), longestDelay), true
}

func (s *Schedule) delay() time.Duration {
	p := s.policy
	initial, doublings := p.InitialDelay, s.failures-1
	switch {
	case s.serverSet && s.server > 0:
		initial = s.server
	case s.serverSet && doublings == 0:
		return 0
	case s.serverSet:
		doublings--
	}
	longest := float64(max(initial, p.MaxDelay))
	grown := min(math.Ldexp(float64(initial), doublings), longest)
	return max(time.Duration(grown*(1-p.Jitter*rand.Float64())), s.server)
}
