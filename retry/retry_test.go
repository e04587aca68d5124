package retry_test

import (
	"errors"
	"fmt"
	"math"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/retry"
)

var errTest = errors.New("refused")

// exact is the default policy without its random part.
var exact = retry.Policy{Jitter: -1}

// delays returns the delays after n failures in a row.
func delays(t *testing.T, s *retry.Schedule, n int) []time.Duration {
	t.Helper()
	var all []time.Duration
	for range n {
		delay, err := s.Failed(errTest)
		require.NoError(t, err)
		all = append(all, delay)
	}
	return all
}

func seconds(values ...float64) []time.Duration {
	var all []time.Duration
	for _, v := range values {
		all = append(all, time.Duration(v*float64(time.Second)))
	}
	return all
}

func TestDelaysOfAPolicy(t *testing.T) {
	const day = 24 * time.Hour
	for name, test := range map[string]struct {
		policy retry.Policy
		want   []time.Duration
	}{
		"default":                   {retry.Policy{}, seconds(3, 6, 12, 24, 30, 30)},
		"all given":                 {retry.Policy{InitialDelay: time.Second, MaxDelay: 3 * time.Second}, seconds(1, 2, 3, 3)},
		"no delay":                  {retry.Policy{InitialDelay: -1}, seconds(0, 0, 0)},
		"no delay, a longest one":   {retry.Policy{InitialDelay: -1, MaxDelay: time.Minute}, seconds(0, 0, 0)},
		"no growth":                 {retry.Policy{InitialDelay: time.Second, MaxDelay: -1}, seconds(1, 1, 1)},
		"longest less than initial": {retry.Policy{InitialDelay: time.Second, MaxDelay: time.Millisecond}, seconds(1, 1)},
		"longer than a day": {
			retry.Policy{InitialDelay: math.MaxInt64, MaxDelay: math.MaxInt64}, []time.Duration{day, day}},
	} {
		t.Run(name, func(t *testing.T) {
			test.policy.Jitter = -1
			require.Equal(t, test.want, delays(t, retry.NewSchedule(test.policy), len(test.want)))
		})
	}
}

func TestTheShortestDelayGrows(t *testing.T) {
	all := delays(t, retry.NewSchedule(retry.Policy{InitialDelay: 1, Jitter: -1}), 2000)
	require.Equal(t, []time.Duration{1, 2, 4, 8}, all[:4])
	require.Equal(t, 30*time.Second, all[1999])
}

func TestJitterTakesOffAFraction(t *testing.T) {
	want := seconds(3, 6, 12, 24, 30, 30)
	for jitter, least := range map[float64]float64{0: 0.5, 0.25: 0.75, 1: 0} {
		lowest, highest := 1.0, 0.0
		for range 1000 {
			for i, delay := range delays(t, retry.NewSchedule(retry.Policy{Jitter: jitter}), len(want)) {
				share := float64(delay) / float64(want[i])
				lowest, highest = min(lowest, share), max(highest, share)
			}
		}
		require.InDelta(t, least, lowest, 0.01, "jitter %v", jitter)
		require.InDelta(t, 1, highest, 0.01)
		require.LessOrEqual(t, highest, 1.0)
	}
}

// attempt is one that succeeds after 0 or more, unless it is negative, and fails up later.
type attempt struct {
	up       time.Duration
	failures int
	delay    time.Duration
}

const never = -1 // the attempt does not succeed, it takes an hour to fail

func TestAHealthyAttemptStartsTheCountAgain(t *testing.T) {
	const second = time.Second
	for name, test := range map[string]struct {
		healthyAfter time.Duration
		attempts     []attempt
	}{
		"default": {0, []attempt{
			{never, 1, 3 * second}, {never, 2, 6 * second}, {5*second - 1, 3, 12 * second}, {5 * second, 1, 3 * second},
			{0, 2, 6 * second}, {time.Hour, 1, 3 * second},
		}},
		"given": {time.Minute, []attempt{
			{5 * second, 1, 3 * second}, {5 * second, 2, 6 * second}, {time.Minute, 1, 3 * second},
		}},
		"none":      {-1, []attempt{{never, 1, 3 * second}, {never, 2, 6 * second}, {0, 1, 3 * second}, {0, 1, 3 * second}}},
		"a success": {-1, []attempt{{0, 1, 3 * second}, {never, 2, 6 * second}}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := retry.NewSchedule(retry.Policy{Jitter: -1, HealthyAfter: test.healthyAfter})
				for _, a := range test.attempts {
					if a.up == never {
						time.Sleep(time.Hour)
					} else {
						s.Succeeded()
						time.Sleep(a.up)
						s.Succeeded() // the first call counts
					}
					delay, err := s.Failed(errTest)
					require.NoError(t, err)
					require.Equal(t, a.failures, s.Failures())
					require.Equal(t, a.delay, delay)
				}
			})
		})
	}
}

func TestAttemptsAreLimited(t *testing.T) {
	for _, test := range []struct {
		maxAttempts, firstAttempts int
		succeeds                   int // this attempt, counted from 1, succeeds for a moment
		want                       int
	}{
		{1, 0, 0, 1}, {3, 0, 0, 3}, {3, 0, 2, 3}, {0, 2, 0, 2}, {5, 2, 0, 2}, {2, 5, 0, 2},
		{5, 2, 1, 5}, {5, 3, 2, 5}, {5, 2, 3, 2},
	} {
		s := retry.NewSchedule(retry.Policy{MaxAttempts: test.maxAttempts, FirstAttempts: test.firstAttempts})
		for n := 1; ; n++ {
			if n == test.succeeds {
				s.Succeeded()
			}
			_, err := s.Failed(errTest)
			if err != nil {
				require.Equal(t, &retry.Error{Attempts: test.want, Err: errTest}, err, "%+v", test)
				break
			}
			require.Less(t, n, test.want, "%+v", test)
		}
	}
}

func TestFirstAttemptsDoesNotLimitALostConnection(t *testing.T) {
	s := retry.NewSchedule(retry.Policy{FirstAttempts: 2})
	delays(t, s, 1)
	s.Succeeded()
	delays(t, s, 100)
}

func TestRetryable(t *testing.T) {
	s := retry.NewSchedule(retry.Policy{Retryable: func(err error) bool { return err == errTest }, MaxAttempts: 3})
	delays(t, s, 2)
	other := errors.New("other")
	_, err := s.Failed(other)
	require.Equal(t, other, err)
	require.Equal(t, 2, s.Failures(), "what is not retried is not counted")
}

func TestSetInitialDelay(t *testing.T) {
	const day = 24 * time.Hour
	for _, test := range []struct {
		name  string
		first time.Duration
		want  []time.Duration
	}{
		{"shorter", 2 * time.Second, seconds(2, 4, 8, 16, 30)},
		{"a moment", 2 * time.Millisecond, seconds(.002, .004, .008)},
		{"beyond the maximum", time.Minute, seconds(60, 60)},
		{"zero does not grow", 0, seconds(0, 3, 6, 12)},
		{"negative", -1, seconds(0, 3)},
		{"beyond a day", 25 * time.Hour, []time.Duration{day, day}},
		{"the largest", math.MaxInt64, []time.Duration{day, day}},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := retry.NewSchedule(exact)
				s.SetInitialDelay(test.first)
				require.Equal(t, test.want, delays(t, s, len(test.want)))
				s.Succeeded()
				time.Sleep(time.Minute)
				require.Equal(t, test.want, delays(t, s, len(test.want)), "it stays")
			})
		})
	}
}

func TestSetInitialDelayDoesNotEndTheGrowth(t *testing.T) {
	s := retry.NewSchedule(exact)
	require.Equal(t, seconds(3, 6), delays(t, s, 2))
	s.SetInitialDelay(time.Second)
	require.Equal(t, seconds(4), delays(t, s, 1))
	s.SetInitialDelay(time.Second)
	require.Equal(t, seconds(8), delays(t, s, 1))
	s.SetInitialDelay(0)
	require.Equal(t, seconds(24), delays(t, s, 1))
}

func TestNoDelayIsShorterThanTheServerAsks(t *testing.T) {
	for range 100 {
		s := retry.NewSchedule(retry.Policy{})
		s.SetInitialDelay(10 * time.Second)
		all := delays(t, s, 2)
		require.Equal(t, 10*time.Second, all[0])
		require.GreaterOrEqual(t, all[1], 10*time.Second)
		require.LessOrEqual(t, all[1], 20*time.Second)
	}
}

func TestCheck(t *testing.T) {
	for message, policy := range map[string]retry.Policy{
		"f: MaxAttempts is -1, it must not be negative":   {MaxAttempts: -1},
		"f: FirstAttempts is -1, it must not be negative": {FirstAttempts: -1},
		"f: Jitter is 1.5, it must not be more than 1":    {Jitter: 1.5},
		"f: Jitter is NaN, it must not be more than 1":    {Jitter: math.NaN()},
	} {
		require.Equal(t, message, panicOf(func() { policy.Check("f") }))
	}
	require.Panics(t, func() { retry.NewSchedule(retry.Policy{Jitter: 2}) })
	retry.Policy{Jitter: 1}.Check("f")
	retry.Policy{InitialDelay: -1, MaxDelay: -1, Jitter: -1, HealthyAfter: -1}.Check("f")
}

// panicOf returns the text with which f panics.
func panicOf(f func()) (text string) {
	defer func() { text = fmt.Sprint(recover()) }()
	f()
	return ""
}

func TestError(t *testing.T) {
	err := error(&retry.Error{Attempts: 3, Err: fmt.Errorf("rivulet: dial: %w", errTest)})
	require.EqualError(t, err, "rivulet: giving up after 3 attempts: dial: refused")
	require.ErrorIs(t, err, errTest)
	require.EqualError(t, &retry.Error{Attempts: 1, Err: errTest}, "rivulet: giving up after 1 attempt: refused")
}
