package connect_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/internal/connect"
	"github.com/rivulet-go/rivulet/retry"
)

var errTest = errors.New("refused")

// exact is the default policy without its random part.
var exact = retry.Policy{Jitter: -1}

// noted is a Config whose hooks and log write into a list.
func noted(policy retry.Policy) (connect.Config, *[]string) {
	list := new([]string)
	note := func(format string, args ...any) { *list = append(*list, fmt.Sprintf(format, args...)) }
	state := func(s connect.State) { note("%s", [...]string{"Connecting", "Open", "Closed"}[s]) }
	return connect.Config{
		Policy:  policy,
		Logger:  slog.New(slog.DiscardHandler),
		OnState: []func(connect.State){state},
		OnRetry: []func(error, int, time.Duration){func(err error, attempt int, delay time.Duration) {
			note("%v %d %v", err, attempt, delay)
		}},
	}, list
}

// attempts makes one after the other of these, and succeeds after the last.
func attempts(steps ...func(a *connect.Attempts) error) func(*connect.Attempts) func(context.Context) error {
	return func(a *connect.Attempts) func(context.Context) error {
		return func(context.Context) error {
			if len(steps) == 0 {
				return nil
			}
			step := steps[0]
			steps = steps[1:]
			return step(a)
		}
	}
}

func fails(*connect.Attempts) error { return errTest }

// opens has a connection for a time.
func opens(d time.Duration) func(*connect.Attempts) error {
	return func(a *connect.Attempts) error {
		a.Opened()
		time.Sleep(d)
		return errTest
	}
}

func TestStatesAndHooks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		config, list := noted(exact)
		a := connect.New("test", "test://h/", config)
		begin := time.Now()
		require.NoError(t, a.Run(t.Context(), attempts(fails, opens(0), opens(time.Minute), fails)(a)))
		require.Equal(t, []string{
			"Connecting", "refused 1 3s", "Open", "Connecting", "refused 2 6s", "Open", "Connecting", "refused 1 3s",
			"refused 2 6s", "Closed",
		}, *list)
		require.Equal(t, time.Minute+18*time.Second, time.Since(begin))
	})
}

func TestARunThatIsGivenUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		config, list := noted(retry.Policy{Jitter: -1, FirstAttempts: 2, MaxAttempts: 3})
		a := connect.New("test", "test://h/", config)
		err := a.Run(t.Context(), attempts(fails, fails)(a))
		require.Equal(t, &retry.Error{Attempts: 2, Err: errTest}, err)
		require.Equal(t, []string{"Connecting", "refused 1 3s", "Closed"}, *list)

		config, list = noted(retry.Policy{Retryable: func(err error) bool { return false }})
		a = connect.New("test", "test://h/", config)
		require.Equal(t, errTest, a.Run(t.Context(), attempts(opens(0))(a)))
		require.Equal(t, []string{"Connecting", "Open", "Closed"}, *list)
	})
}

func TestARunThatIsCanceled(t *testing.T) {
	cause := errors.New("enough")
	synctest.Test(t, func(t *testing.T) {
		type step = func(*connect.Attempts) error
		for name, row := range map[string]struct {
			attempt func(cancel func()) step
			states  []string
		}{
			"before":     {func(cancel func()) step { cancel(); return fails }, nil},
			"connecting": {func(cancel func()) step { return canceling(cancel, fails) }, []string{"Connecting", "Closed"}},
			"open": {func(cancel func()) step { return canceling(cancel, opens(0)) },
				[]string{"Connecting", "Open", "Closed"}},
			"waiting": {func(cancel func()) step { time.AfterFunc(time.Second, cancel); return fails },
				[]string{"Connecting", "refused 1 3s", "Closed"}},
		} {
			ctx, cancel := context.WithCancelCause(t.Context())
			config, list := noted(exact)
			a := connect.New("test", "test://h/", config)
			begin := time.Now()
			step := row.attempt(func() { cancel(cause) })
			require.Equal(t, cause, a.Run(ctx, attempts(step)(a)), name)
			require.Equal(t, row.states, *list, name)
			require.LessOrEqual(t, time.Since(begin), time.Second, name)
		}
	})
}

func canceling(cancel func(), step func(*connect.Attempts) error) func(*connect.Attempts) error {
	return func(a *connect.Attempts) error {
		cancel()
		return step(a)
	}
}

func TestCleaningUpAfterACancelFails(t *testing.T) {
	cause, stuck := errors.New("enough"), errors.New("stuck")
	ctx, cancel := context.WithCancelCause(t.Context())
	a := connect.New("test", "", connect.Config{})
	err := a.Run(ctx, func(ctx context.Context) error {
		cancel(cause)
		return errors.Join(context.Cause(ctx), stuck)
	})
	require.Equal(t, errors.Join(cause, stuck), err)
	ctx, cancel = context.WithCancelCause(t.Context())
	require.Equal(t, cause, a.Run(ctx, func(ctx context.Context) error {
		cancel(cause)
		return fmt.Errorf("read: %w", context.Cause(ctx))
	}))
}

// A stream that is stopped or complete stays so, even if its context is done by then.
func TestTheEndOfAStreamGoesBeforeACancel(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	config, _ := noted(exact)
	a := connect.New("test", "", config)
	require.NoError(t, a.Run(ctx, func(context.Context) error { cancel(); return nil }))
}

func TestDelaysOfTheServer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		config, list := noted(exact)
		a := connect.New("test", "test://h/", config)
		wait := func(d time.Duration) func(*connect.Attempts) error {
			return func(a *connect.Attempts) error { a.WaitAtLeast(d); return errTest }
		}
		initial := func(a *connect.Attempts) error { a.SetInitialDelay(time.Second); return errTest }
		require.NoError(t, a.Run(t.Context(), attempts(wait(time.Minute), wait(time.Second), fails, initial)(a)))
		require.Equal(t, []string{
			"Connecting", "refused 1 1m0s", "refused 2 6s", "refused 3 12s", "refused 4 8s", "Closed",
		}, *list)
	})
}

// A warning for each connection that is lost, for the first that cannot be made, and every minute after that.
func TestLog(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var text bytes.Buffer
		onlyNews := func(_ []string, a slog.Attr) slog.Attr {
			if a.Key == slog.TimeKey || a.Key == "error" {
				return slog.Attr{}
			}
			return a
		}
		config := connect.Config{
			Policy: exact,
			Logger: slog.New(slog.NewTextHandler(&text, &slog.HandlerOptions{Level: slog.LevelDebug, ReplaceAttr: onlyNews})),
		}
		a := connect.New("test", "test://user:secret@h/a?token=secret", config)
		steps := attempts(fails, fails, fails, fails, fails, fails, fails, fails, opens(time.Hour), opens(0), fails)
		require.NoError(t, a.Run(t.Context(), steps(a)))
		line := func(level, message string, attempt, delay int) string {
			return fmt.Sprintf("level=%s msg=\"rivulet: test: %s\" url=test://h/a attempt=%d delay=%v\n",
				level, message, attempt, time.Duration(delay)*time.Second)
		}
		const failed, lost = "connection failed; retrying", "connection lost; reconnecting"
		require.Equal(t, line("WARN", failed, 1, 3)+line("DEBUG", failed, 2, 6)+line("DEBUG", failed, 3, 12)+
			line("DEBUG", failed, 4, 24)+line("DEBUG", failed, 5, 30)+line("WARN", failed, 6, 30)+ // after 75 s
			line("DEBUG", failed, 7, 30)+line("WARN", failed, 8, 30)+
			line("WARN", lost, 1, 3)+line("WARN", lost, 2, 6)+line("DEBUG", failed, 3, 12), text.String())
	})
}

func TestTheDefaultLoggerIsThatOfTheTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var text bytes.Buffer
		before := slog.Default()
		defer slog.SetDefault(before)
		a := connect.New("test", "test://h/", connect.Config{})
		slog.SetDefault(slog.New(slog.NewTextHandler(&text, nil)))
		require.NoError(t, a.Run(t.Context(), attempts(fails)(a)))
		require.Contains(t, text.String(), "error=refused")
	})
}

func TestRetryAfter(t *testing.T) {
	const day = 24 * time.Hour
	synctest.Test(t, func(t *testing.T) { // the bubble begins at midnight
		for value, want := range map[string]time.Duration{
			"": 0, "soon": 0, "-5": 0, "1": time.Second, "60": time.Minute, "1.5": 0, "86401": day,
			"999999999999999999999": day, "-999999999999999999999": 0, "18446744074": day,
			"Sat, 01 Jan 2000 00:01:00 GMT": time.Minute,
			"Fri, 31 Dec 1999 00:00:00 GMT": 0,
			"Fri, 31 Dec 9999 00:00:00 GMT": day,
		} {
			require.Equal(t, want, connect.RetryAfter(http.Header{"Retry-After": {value}}), value)
		}
	})
	require.Zero(t, connect.RetryAfter(nil))
}
