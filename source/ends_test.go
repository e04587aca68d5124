package source_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/source"
)

func TestEmpty(t *testing.T) {
	got, err := source.Empty[int]().Collect(t.Context())
	require.NoError(t, err)
	require.Empty(t, got)
	requireCancel(t, source.Empty[int](), 0)
}

func TestNever(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancelCause(t.Context())
		time.AfterFunc(time.Hour, func() { cancel(errCanceled) })
		got, err := source.Never[int]().Collect(ctx)
		require.Equal(t, errCanceled, err)
		require.Empty(t, got)
		requireCancel(t, source.Never[int](), 0)
	})
}

func TestThrow(t *testing.T) {
	got, err := source.Throw[int](errTest).Collect(t.Context())
	require.Equal(t, errTest, err)
	require.Empty(t, got)
	requireCancel(t, source.Throw[int](errTest), 0)
	requirePanic(t, "source.Throw: nil error", func() { source.Throw[int](nil) })
}
