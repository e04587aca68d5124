package connect_test

import (
	"context"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/internal/connect"
)

type attemptKey struct{}

// hooksOf writes into a list and gives each attempt a number, which its context has.
func hooksOf(list *[]string) connect.Hooks {
	note := func(format string, args ...any) { *list = append(*list, fmt.Sprintf(format, args...)) }
	attempts := 0
	return connect.Hooks{
		OnState: func(s connect.State) { note("state %d", s) },
		OnRetry: func(err error, attempt int, _ time.Duration) { note("retry %d: %v", attempt, err) },
		OnAttempt: func(ctx context.Context) (context.Context, func(error)) {
			attempts++
			n := attempts
			return context.WithValue(ctx, attemptKey{}, n), func(err error) { note("attempt %d: %v", n, err) }
		},
	}
}

func TestHooksOfTheContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		config, own := noted(exact)
		for range 2 { // each run has hooks of its own, and the Config keeps its own
			var list []string
			ctx := connect.WithHooks(t.Context(), func() connect.Hooks { return hooksOf(&list) })
			*own = nil
			a := connect.New("test", "test://h/", config)
			last := 0
			require.NoError(t, a.Run(ctx, func(ctx context.Context) error {
				last = ctx.Value(attemptKey{}).(int)
				switch last {
				case 1:
					return errTest
				case 2:
					a.Opened()
					return errTest
				}
				return nil
			}))
			require.Equal(t, 3, last)
			require.Equal(t, []string{
				"state 0", "attempt 1: refused", "retry 1: refused",
				"state 1", "attempt 2: refused", "state 0", "retry 2: refused", "attempt 3: <nil>", "state 2",
			}, list)
			require.Equal(t, []string{"Connecting", "refused 1 3s", "Open", "Connecting", "refused 2 6s", "Closed"}, *own)
		}
	})
}

func TestTheInnermostHooksAreCalled(t *testing.T) {
	var outer, inner []string
	ctx := connect.WithHooks(t.Context(), func() connect.Hooks { return hooksOf(&outer) })
	ctx = connect.WithHooks(ctx, func() connect.Hooks { return hooksOf(&inner) })
	config, _ := noted(exact)
	a := connect.New("test", "test://h/", config)
	require.NoError(t, a.Run(ctx, attempts()(a)))
	require.Equal(t, []string{"state 0", "attempt 1: <nil>", "state 2"}, inner)
	require.Empty(t, outer)
}

func TestHooksMayBeNil(t *testing.T) {
	ctx := connect.WithHooks(t.Context(), func() connect.Hooks { return connect.Hooks{} })
	config, list := noted(exact)
	a := connect.New("test", "test://h/", config)
	require.NoError(t, a.Run(ctx, attempts()(a)))
	require.Equal(t, []string{"Connecting", "Closed"}, *list)
}
