package telemetry_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/source"
)

type numbers = observable.Observable[int]

var errSource = errors.New("broken")

func failing(values ...int) numbers {
	return func(ctx context.Context, emit func(int) bool) error {
		stopped := false
		err := source.Of(values...)(ctx, func(v int) bool {
			stopped = !emit(v)
			return !stopped
		})
		if err != nil || stopped {
			return err
		}
		return errSource
	}
}

func requirePanic(t *testing.T, message string, f func()) {
	t.Helper()
	require.PanicsWithValue(t, message, f)
}
