package clock_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/internal/clock"
)

func TestSleep(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		begin := time.Now()
		require.NoError(t, clock.Sleep(t.Context(), time.Hour))
		require.Equal(t, time.Hour, time.Since(begin))

		cause := errors.New("cause")
		ctx, cancel := context.WithCancelCause(t.Context())
		time.AfterFunc(time.Minute, func() { cancel(cause) })
		require.Equal(t, cause, clock.Sleep(ctx, time.Hour))
		require.Equal(t, time.Hour+time.Minute, time.Since(begin))
		for range 20 {
			require.Equal(t, cause, clock.Sleep(ctx, 0))
		}
	})
}
