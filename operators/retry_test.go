package operators_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/retry"
	"github.com/rivulet-go/rivulet/source"
)

// steady is a policy without chance: delays of 1 s, 2 s, 4 s, 5 s, 5 s and so on.
var steady = retry.Policy{InitialDelay: time.Second, MaxDelay: 5 * time.Second, Jitter: -1}

// attempts runs these sources one after the other, the last again and again, and notes when each run begins.
func attempts(sources ...numbers) (src numbers, begins *[]time.Duration) {
	begins = new([]time.Duration)
	begin := time.Now()
	return source.Defer(func() numbers {
		n := min(len(*begins), len(sources)-1)
		*begins = append(*begins, time.Since(begin))
		return sources[n]
	}), begins
}

func TestRetryKeepsTheContract(t *testing.T) {
	policy := steady
	policy.MaxAttempts = 3
	checkSynchronous(t, func(src numbers) numbers { return operators.Retry(src, policy) })
	t.Run("without a limit", func(t *testing.T) {
		checkOperator(t, func(src numbers) numbers { return operators.Retry(src, steady) })
	})
}

func TestRetryUntilARunIsComplete(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		src, begins := attempts(failing(1, 2), failing(), source.Of(1, 2, 3))
		requireResult(t, operators.Retry(src, steady), nil, 1, 2, 1, 2, 3)
		require.Equal(t, seconds(0, 1, 3), *begins)
	})
}

func TestRetryGivesUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		policy := steady
		policy.MaxAttempts = 6
		src, begins := attempts(failing(1))
		retried := operators.Retry(src, policy)
		got, err := retried.Collect(t.Context())
		require.Equal(t, &retry.Error{Attempts: 6, Err: errSource}, err)
		require.EqualError(t, err, "rivulet: giving up after 6 attempts: the source failed")
		require.ErrorIs(t, err, errSource)
		require.Equal(t, []int{1, 1, 1, 1, 1, 1}, got)
		require.Equal(t, seconds(0, 1, 3, 7, 12, 17), *begins)

		// Each run of the result counts for itself.
		_, err = retried.Collect(t.Context())
		require.Equal(t, &retry.Error{Attempts: 6, Err: errSource}, err)
		require.Equal(t, seconds(17, 18, 20, 24, 29, 34), (*begins)[6:])
	})
}

func TestRetryOfOneAttempt(t *testing.T) {
	src, begins := attempts(failing(1))
	retried := operators.Retry(src, retry.Policy{MaxAttempts: 1})
	requireResult(t, retried, error(&retry.Error{Attempts: 1, Err: errSource}), 1)
	require.Len(t, *begins, 1)
}

func TestRetryOnlyWhatIsRetryable(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		policy := steady
		policy.Retryable = func(err error) bool { return !errors.Is(err, errOther) }
		src, begins := attempts(failing(1), source.Throw[int](errOther))
		requireResult(t, operators.Retry(src, policy), errOther, 1)
		require.Len(t, *begins, 2)
	})
}

func TestRetryAfterTheFailedRunIsTornDown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		open := 0
		src, begins := attempts(operators.Finally(source.Defer(func() numbers {
			open++
			return failing(1)
		}), func(error) { open-- }))
		policy := steady
		policy.MaxAttempts = 3
		policy.Retryable = func(error) bool { return open == 0 }
		_, err := operators.Retry(src, policy).Collect(t.Context())
		require.ErrorAs(t, err, new(*retry.Error))
		require.Len(t, *begins, 3)
	})
}

// A run that worked for long enough begins a new row of failures: the delay and the count start again.
func TestRetryAfterAHealthyRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		policy := steady
		policy.MaxAttempts, policy.HealthyAfter = 3, 10*time.Second
		working := operators.Concat(source.Of(1), operators.DelaySubscription(failing(), 10*time.Second))
		idle := operators.DelaySubscription(failing(), 20*time.Second) // it never worked, it took long to fail
		src, begins := attempts(failing(), failing(), working, idle, failing())
		_, err := operators.Retry(src, policy).Collect(t.Context())
		require.Equal(t, &retry.Error{Attempts: 3, Err: errSource}, err)
		require.Equal(t, seconds(0, 1, 3, 3+10+1, 14+20+2), *begins)
	})
}

// FirstAttempts limits the runs before the first item, and not those after it.
func TestRetryUntilTheFirstItem(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		policy := steady
		policy.FirstAttempts = 2
		_, err := operators.Retry(failing(), policy).Collect(t.Context())
		require.Equal(t, &retry.Error{Attempts: 2, Err: errSource}, err)

		src, begins := attempts(failing(), failing(1), failing(), failing(), source.Of(2))
		requireResult(t, operators.Retry(src, policy), nil, 1, 2)
		require.Len(t, *begins, 5)
	})
}

// A negative delay is none.
func TestRetryWithoutADelay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		src, begins := attempts(failing(1), failing(1), source.Of(2))
		requireResult(t, operators.Retry(src, retry.Policy{InitialDelay: -1}), nil, 1, 1, 2)
		require.Equal(t, seconds(0, 0, 0), *begins)
	})
}

func TestRetryIsStopped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		src, begins := attempts(failing(1, 2))
		requireResult(t, operators.Take(operators.Retry(src, steady), 3), nil, 1, 2, 1)
		require.Len(t, *begins, 2)

		_, err := operators.Retry(failingToStop, steady).First(t.Context())
		require.Equal(t, errSource, err, "nobody is left to retry for")
	})
}

func TestRetryIsCancelledWhileItWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancelCause(t.Context())
		time.AfterFunc(2500*time.Millisecond, func() { cancel(errOther) })
		begin := time.Now()
		got, err := operators.Retry(failing(1), steady).Collect(ctx)
		require.Equal(t, errOther, err)
		require.Equal(t, []int{1, 1}, got)
		require.Equal(t, 2500*time.Millisecond, time.Since(begin))
	})
}

// The zero value: 3 s, doubled up to 30 s, each shortened by a random fraction of up to a half.
func TestRetryByDefault(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		src, begins := attempts(failing(), failing(), failing(), failing(), failing(), failing(), source.Of(1))
		requireResult(t, operators.Retry(src, retry.Policy{}), nil, 1)
		require.Len(t, *begins, 7)
		for i, longest := range seconds(3, 6, 12, 24, 30, 30) {
			delay := (*begins)[i+1] - (*begins)[i]
			require.LessOrEqual(t, delay, longest)
			require.GreaterOrEqual(t, delay, longest/2)
		}
	})
}

func TestMistakesInRetry(t *testing.T) {
	requirePanic(t, "operators.Retry: nil source", func() { operators.Retry[int](nil, retry.Policy{}) })
	for message, policy := range map[string]retry.Policy{
		"operators.Retry: Jitter is 1.5":       {Jitter: 1.5},
		"operators.Retry: MaxAttempts is -1":   {MaxAttempts: -1},
		"operators.Retry: FirstAttempts is -1": {FirstAttempts: -1},
	} {
		requirePanic(t, message, func() { operators.Retry(source.Of(1), policy) })
	}
}
