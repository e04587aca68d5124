package operators_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/observabletest"
)

// marbles draws a source of strings.
func marbles(picture string) observable.Observable[string] {
	return observabletest.Marbles[string](picture, nil)
}

// frames returns how long this many places of a picture last.
func frames(n int) time.Duration { return time.Duration(n) * observabletest.Frame }

// seconds returns durations of so many seconds.
func seconds(of ...float64) []time.Duration {
	times := make([]time.Duration, len(of))
	for i, s := range of {
		times[i] = time.Duration(s * float64(time.Second))
	}
	return times
}

// pictures are inner streams: what a flattening operator is to run for an item.
type pictures map[string]string

// run returns the stream for an item.
func (p pictures) run(item string) observable.Observable[string] { return marbles(p[item]) }

// requireMarbles compares a stream of strings with a picture.
func requireMarbles(t *testing.T, picture string, got observable.Observable[string]) {
	t.Helper()
	require.True(t, t.Run(picture, func(t *testing.T) { _ = observabletest.ExpectMarbles(t, picture, got, nil) }))
}

// requirePicture compares a stream with a picture, for whose letters values has the items.
func requirePicture[T any](t *testing.T, picture string, got observable.Observable[T], values map[rune]T) {
	t.Helper()
	require.True(t, t.Run(picture, func(t *testing.T) { _ = observabletest.ExpectMarbles(t, picture, got, values) }))
}

// requireResult runs o to its end and compares its items and its error, which is nil or comes as it is.
func requireResult[T any](t *testing.T, o observable.Observable[T], failure error, items ...T) {
	t.Helper()
	got, err := o.Collect(t.Context())
	require.Equal(t, failure, err)
	require.Equal(t, items, got)
}

// requirePanic requires that build panics with a message that begins so.
func requirePanic(t *testing.T, message string, build func()) {
	t.Helper()
	defer func() {
		t.Helper()
		panicked := fmt.Sprint(recover())
		require.Truef(t, strings.HasPrefix(panicked, message), "it panicked with %q, not %q", panicked, message)
	}()
	build()
}

// inBubble runs a part of a test in a bubble of its own.
func inBubble(t *testing.T, part func(*testing.T)) {
	t.Helper()
	require.True(t, t.Run("", func(t *testing.T) { synctest.Test(t, part) }))
}
