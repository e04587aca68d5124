package engine

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/internal/cause"
)

// An operator that reads a window may learn from the window first that both have been stopped.
func TestAWindowThatWasCutOffIsNoFailureOfAReaderThatWasStoppedToo(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	require.False(t, cause.Alone(ctx, ErrCutOff))
	cancel(errOver)
	require.True(t, cause.Alone(ctx, ErrCutOff))
	require.ErrorContains(t, ErrCutOff, "window or group")
}
