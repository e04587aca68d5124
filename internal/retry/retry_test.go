package retry_test

import (
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/internal/retry"
)

// exact is the default policy without its random part.
var exact = retry.Policy{Jitter: -1}

// delays are the delays after n failures in a row.
func delays(s *retry.Schedule, n int) []time.Duration {
	var all []time.Duration
	for range n {
		_, delay, _ := s.Failed(0)
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

func TestTheDefaultDelaysDouble(t *testing.T) {
	require.Equal(t, seconds(3, 6, 12, 24, 30, 30), delays(retry.New(exact), 6))
}

func TestHalfOfADelayIsRandom(t *testing.T) {
	want := seconds(3, 6, 12, 24, 30, 30)
	var least, most float64 = 1, 0
	for range 1000 {
		for i, delay := range delays(retry.New(retry.Policy{}), len(want)) {
			share := float64(delay) / float64(want[i])
			least, most = min(least, share), max(most, share)
		}
	}
	require.InDelta(t, 0.5, least, 0.01)
	require.InDelta(t, 1, most, 0.01)
	require.LessOrEqual(t, most, 1.0)
}

func TestAHealthyTimeBeginsANewRow(t *testing.T) {
	s := retry.New(exact)
	require.Equal(t, seconds(3, 6), delays(s, 2))
	for _, test := range []struct {
		up     time.Duration
		failed int
		delay  time.Duration
	}{
		{5*time.Second - 1, 3, 12 * time.Second},
		{5 * time.Second, 1, 3 * time.Second},
		{0, 2, 6 * time.Second},
		{time.Hour, 1, 3 * time.Second},
	} {
		failed, delay, again := s.Failed(test.up)
		require.True(t, again)
		require.Equal(t, test.failed, failed)
		require.Equal(t, test.delay, delay)
	}
}

func TestMaxAttempts(t *testing.T) {
	s := retry.New(retry.Policy{MaxAttempts: 2})
	_, _, again := s.Failed(0)
	require.True(t, again)
	failed, _, again := s.Failed(time.Minute)
	require.Equal(t, 1, failed)
	require.True(t, again)
	failed, _, again = s.Failed(0)
	require.Equal(t, 2, failed)
	require.False(t, again)
}

func TestSetFirst(t *testing.T) {
	const day = 24 * time.Hour
	for _, test := range []struct {
		name  string
		first time.Duration
		want  []time.Duration
	}{
		{"shorter", 2 * time.Second, seconds(2, 4, 8, 16, 30)},
		{"a moment", 2 * time.Millisecond, seconds(.002, .004, .008)},
		{"beyond the maximum", time.Minute, seconds(60, 60)},
		{"zero cannot grow", 0, seconds(0, 3, 6, 12)},
		{"negative", -1, seconds(0, 3)},
		{"beyond a day", 25 * time.Hour, []time.Duration{day, day}},
		{"as much as there is", math.MaxInt64, []time.Duration{day, day}},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := retry.New(exact)
			s.SetFirst(test.first)
			require.Equal(t, test.want, delays(s, len(test.want)))
			s.Failed(time.Minute)
			require.Equal(t, test.want[1:], delays(s, len(test.want)-1), "it stays")
		})
	}
}

func TestSetFirstDoesNotEndTheGrowth(t *testing.T) {
	s := retry.New(exact)
	require.Equal(t, seconds(3, 6), delays(s, 2))
	s.SetFirst(time.Second)
	require.Equal(t, seconds(4), delays(s, 1))
	s.SetFirst(time.Second)
	require.Equal(t, seconds(8), delays(s, 1))
	s.SetFirst(0)
	require.Equal(t, seconds(24), delays(s, 1))
}

func TestNoDelayIsShorterThanAskedFor(t *testing.T) {
	for range 100 {
		s := retry.New(retry.Policy{})
		s.SetFirst(10 * time.Second)
		all := delays(s, 2)
		require.Equal(t, 10*time.Second, all[0])
		require.GreaterOrEqual(t, all[1], 10*time.Second)
		require.LessOrEqual(t, all[1], 20*time.Second)
	}
}

func TestPolicy(t *testing.T) {
	s := retry.New(retry.Policy{
		InitialDelay: time.Millisecond, MaxDelay: 3 * time.Millisecond, Jitter: -1, HealthyAfter: time.Nanosecond,
	})
	require.Equal(t, []time.Duration{time.Millisecond, 2 * time.Millisecond, 3 * time.Millisecond}, delays(s, 3))
	_, delay, _ := s.Failed(1)
	require.Equal(t, time.Millisecond, delay)

	s = retry.New(retry.Policy{InitialDelay: math.MaxInt64, MaxDelay: math.MaxInt64})
	for _, delay := range delays(s, 100) {
		require.LessOrEqual(t, 12*time.Hour, delay)
		require.LessOrEqual(t, delay, 24*time.Hour)
	}
}

func TestTheShortestDelayGrows(t *testing.T) {
	all := delays(retry.New(retry.Policy{InitialDelay: 1}), 64)
	require.GreaterOrEqual(t, all[63], 15*time.Second)
}

func TestCheck(t *testing.T) {
	for message, policy := range map[string]retry.Policy{
		"f: InitialDelay is -1ns, it must not be negative": {InitialDelay: -1},
		"f: MaxDelay is -1ns, it must not be negative":     {MaxDelay: -1},
		"f: MaxAttempts is -1, it must not be negative":    {MaxAttempts: -1},
		"f: HealthyAfter is -1ns, it must not be negative": {HealthyAfter: -1},
		"f: Jitter is 1.5, it must not be more than 1":     {Jitter: 1.5},
		"f: Jitter is NaN, it must not be more than 1":     {Jitter: math.NaN()},
	} {
		func() {
			defer func() { require.Equal(t, message, fmt.Sprint(recover())) }()
			policy.Check("f")
		}()
	}
	retry.Policy{Jitter: 1}.Check("f")
	exact.Check("f")
}
