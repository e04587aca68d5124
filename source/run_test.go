package source_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/observable"
)

var (
	errTest     = errors.New("test")
	errCanceled = errors.New("canceled by the test")
)

// stopAt runs o and stops it with the n-th item; items that come after it are returned too, as the fault they are.
func stopAt[T any](t *testing.T, o observable.Observable[T], n int) []T {
	t.Helper()
	var got []T
	require.NoError(t, o(t.Context(), func(v T) bool {
		got = append(got, v)
		return len(got) < n
	}))
	return got
}

// requireCancel runs o, cancels it inside the n-th item, and requires that no further item comes and that the run
// fails with the cause. With n of 0, ctx is done before the run.
func requireCancel[T any](t *testing.T, o observable.Observable[T], n int) {
	t.Helper()
	ctx, cancel := context.WithCancelCause(t.Context())
	defer cancel(nil)
	if n == 0 {
		cancel(errCanceled)
	}
	items := 0
	err := o(ctx, func(T) bool {
		items++
		if items == n {
			cancel(errCanceled)
		}
		return true
	})
	require.Equal(t, errCanceled, err)
	require.Equal(t, n, items)
}

// requirePanic requires that build panics with a message that begins with want.
func requirePanic(t *testing.T, want string, build func()) {
	t.Helper()
	defer func() {
		message := fmt.Sprint(recover())
		require.True(t, strings.HasPrefix(message, want), "panic with %q, want %q", message, want)
	}()
	build()
}
