package source_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/source"
)

func TestDeferBuildsForEveryRun(t *testing.T) {
	runs := 0
	src := source.Defer(func() observable.Observable[int] {
		runs++
		return source.Of(runs)
	})
	require.Zero(t, runs)
	for want := 1; want <= 2; want++ {
		got, err := src.Collect(t.Context())
		require.NoError(t, err)
		require.Equal(t, []int{want}, got)
	}
	requireCancel(t, src, 0)
	require.Equal(t, 2, runs)
}

// lock is a resource that counts its uses.
type lock struct {
	acquired, released int
	releaseFails       error
}

func (l *lock) using(stream func() observable.Observable[int]) observable.Observable[int] {
	return source.Using(
		func(context.Context) (*lock, error) { l.acquired++; return l, nil },
		func(*lock) observable.Observable[int] { return stream() },
		func(*lock) error { l.released++; return l.releaseFails },
	)
}

func TestUsingReleasesOnce(t *testing.T) {
	errRelease := errors.New("release")
	streams := map[string]struct {
		stream observable.Observable[int]
		want   error
	}{
		"complete": {source.Of(1, 2), nil},
		"failed":   {source.Throw[int](errTest), errTest},
		"empty":    {source.Empty[int](), nil},
	}
	for name, test := range streams {
		t.Run(name, func(t *testing.T) {
			l := &lock{}
			src := l.using(func() observable.Observable[int] { return test.stream })
			require.Zero(t, l.acquired)
			for n := 1; n <= 2; n++ {
				require.Equal(t, test.want, src.ForEach(t.Context(), func(int) { require.Equal(t, n-1, l.released) }))
				require.Equal(t, lock{n, n, nil}, *l)
			}

			l.releaseFails = errRelease
			_, err := src.Collect(t.Context())
			require.ErrorIs(t, err, errRelease)
			if test.want != nil {
				require.ErrorIs(t, err, test.want)
			} else {
				require.Equal(t, errRelease, err, "alone it stays as it is")
			}
		})
	}
}

func TestUsingReleasesWhenStoppedOrCanceled(t *testing.T) {
	l := &lock{}
	src := l.using(func() observable.Observable[int] { return source.Repeat(1) })
	require.Len(t, stopAt(t, src, 2), 2)
	require.Equal(t, lock{1, 1, nil}, *l)
	requireCancel(t, src, 2)
	require.Equal(t, lock{2, 2, nil}, *l)
	requireCancel(t, src, 0)
	require.Equal(t, lock{2, 2, nil}, *l, "a run that is canceled before it starts acquires nothing")

	l.releaseFails = errTest
	_, err := src.First(t.Context())
	require.Equal(t, errTest, err, "a stopped run too tells that tearing down failed")
}

func TestUsingReleasesInAPanic(t *testing.T) {
	for name, stream := range map[string]func() observable.Observable[int]{
		"of use": func() observable.Observable[int] { panic("oops") },
		"of the stream": func() observable.Observable[int] {
			return func(context.Context, func(int) bool) error { panic("oops") }
		},
	} {
		t.Run(name, func(t *testing.T) {
			var log strings.Builder
			before := slog.Default()
			slog.SetDefault(slog.New(slog.NewTextHandler(&log, nil)))
			defer slog.SetDefault(before)

			l := &lock{}
			require.PanicsWithValue(t, "oops", func() { _, _ = l.using(stream).Collect(t.Context()) })
			require.Equal(t, lock{1, 1, nil}, *l)
			require.Empty(t, log.String())

			l.releaseFails = errTest
			require.PanicsWithValue(t, "oops", func() { _, _ = l.using(stream).Collect(t.Context()) })
			require.Contains(t, log.String(), "error="+errTest.Error())
		})
	}
}

func TestUsingOfWhatCannotBeAcquired(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	failure := errTest
	src := source.Using(
		func(context.Context) (int, error) { return 0, failure },
		func(int) observable.Observable[int] { panic("used") },
		func(int) error { panic("released") },
	)
	_, err := src.Collect(ctx)
	require.Equal(t, errTest, err)

	failure = fmt.Errorf("open: %w", context.Canceled)
	_, err = src.Collect(ctx)
	require.Equal(t, failure, err, "another's cancellation is a failure like any")

	src = source.Using(
		func(ctx context.Context) (int, error) { cancel(errCanceled); return 0, ctx.Err() },
		func(int) observable.Observable[int] { panic("used") },
		func(int) error { panic("released") },
	)
	_, err = src.Collect(ctx)
	require.Equal(t, errCanceled, err)
}

func TestMistakesInDefer(t *testing.T) {
	requirePanic(t, "source.Defer: nil function", func() { source.Defer[int](nil) })
	requirePanic(t, "source.Using: nil acquire, use or release", func() { source.Using[int, int](nil, nil, nil) })

	none := source.Defer(func() observable.Observable[int] { return nil })
	require.PanicsWithValue(t, "source.Defer: build returned a nil Observable", func() { _, _ = none.Collect(t.Context()) })

	l := &lock{}
	none = l.using(func() observable.Observable[int] { return nil })
	require.PanicsWithValue(t, "source.Using: use returned a nil Observable", func() { _, _ = none.Collect(t.Context()) })
	require.Equal(t, lock{1, 1, nil}, *l, "the resource is released")
}
