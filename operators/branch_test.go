package operators

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/internal/cause"
)

// An operator that reads a window may learn of the end that both have in common from the window first.
func TestAWindowThatWasCutOffIsNoFailureOfAReaderThatWasStoppedToo(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	require.False(t, cause.Alone(ctx, ErrCutOff))
	cancel(errEnded)
	require.True(t, cause.Alone(ctx, ErrCutOff))
	require.ErrorContains(t, ErrCutOff, "window or group")
}
