package source_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/source"
)

func TestFromDoneEmitsTheCause(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		done, end := context.WithCancelCause(t.Context())
		time.AfterFunc(time.Second, func() { end(errTest) })
		began := time.Now()
		got, err := source.FromDone(done).Collect(t.Context())
		require.NoError(t, err)
		require.Equal(t, []error{errTest}, got)
		require.Equal(t, time.Second, time.Since(began))

		got, err = source.FromDone(done).Collect(t.Context())
		require.NoError(t, err)
		require.Equal(t, []error{errTest}, got, "of a context that was done before the run")
	})
}

func TestFromDoneEmitsADeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		done, end := context.WithTimeout(t.Context(), time.Minute)
		defer end()
		got, err := source.FromDone(done).Collect(t.Context())
		require.NoError(t, err)
		require.Equal(t, []error{context.DeadlineExceeded}, got)
	})
}

func TestFromDoneCanceled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancelCause(t.Context())
		time.AfterFunc(time.Second, func() { cancel(errCanceled) })
		got, err := source.FromDone(context.Background()).Collect(ctx)
		require.Equal(t, errCanceled, err)
		require.Empty(t, got)
	})
	done, end := context.WithCancel(t.Context())
	end()
	requireCancel(t, source.FromDone(done), 0)
	requireCancel(t, source.FromDone(done), 1)
	require.Len(t, stopAt(t, source.FromDone(done), 1), 1)
}

// What is done for both at once is a cancel: the run has no time left to emit.
func TestFromDoneRunWithTheContextThatIsDone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancelCause(t.Context())
		time.AfterFunc(time.Second, func() { cancel(errCanceled) })
		got, err := source.FromDone(ctx).Collect(ctx)
		require.Equal(t, errCanceled, err)
		require.Empty(t, got)
	})
}

func TestFromDoneOfNilPanics(t *testing.T) {
	requirePanic(t, "source.FromDone: nil", func() {
		var none context.Context
		source.FromDone(none)
	})
}

// inASecond is FromDone of a context that is done a second after the run has begun.
func inASecond() observable.Observable[error] {
	type timed struct {
		context.Context
		end context.CancelFunc
	}
	return source.Using(
		func(context.Context) (timed, error) {
			done, end := context.WithTimeoutCause(context.Background(), time.Second, errTest)
			return timed{done, end}, nil
		},
		func(done timed) observable.Observable[error] { return source.FromDone(done) },
		func(done timed) error { done.end(); return nil },
	)
}
