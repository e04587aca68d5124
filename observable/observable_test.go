package observable_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/source"
)

var (
	errTest     = errors.New("test")
	errCanceled = errors.New("canceled by the test")
)

// thenFail emits the values, then fails with errTest.
func thenFail(values ...int) observable.Observable[int] {
	return func(ctx context.Context, emit func(int) bool) error {
		for _, v := range values {
			if !emit(v) {
				return nil
			}
		}
		return errTest
	}
}

// failToStop emits 1 and then fails with errTest, although emit has returned false.
func failToStop(_ context.Context, emit func(int) bool) error {
	emit(1)
	return errTest
}

// canceled returns a context that was canceled with the cause errCanceled.
func canceled(t *testing.T) context.Context {
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(errCanceled)
	return ctx
}

// logged returns a buffer of what slog.Default logs until the end of the test.
func logged(t *testing.T) *bytes.Buffer {
	var log bytes.Buffer
	before := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(&log, nil)))
	t.Cleanup(func() { slog.SetDefault(before) })
	return &log
}

func TestForEach(t *testing.T) {
	for name, test := range map[string]struct {
		ctx     context.Context
		source  observable.Observable[int]
		want    []int
		wantErr error
	}{
		"complete": {t.Context(), source.Of(1, 2), []int{1, 2}, nil},
		"empty":    {t.Context(), source.Empty[int](), nil, nil},
		"failed":   {t.Context(), thenFail(1, 2), []int{1, 2}, errTest},
		"canceled": {canceled(t), source.Of(1, 2), nil, errCanceled},
	} {
		t.Run(name, func(t *testing.T) {
			var got []int
			err := test.source.ForEach(test.ctx, func(v int) { got = append(got, v) })
			require.Equal(t, test.wantErr, err)
			require.Equal(t, test.want, got)

			collected, err := test.source.Collect(test.ctx)
			require.Equal(t, test.wantErr, err)
			require.Equal(t, test.want, collected)

			var ranged []int
			err = nil
			for v, failure := range test.source.All(test.ctx) {
				require.NoError(t, err, "the error comes last")
				if err = failure; err == nil {
					ranged = append(ranged, v)
				} else {
					require.Zero(t, v)
				}
			}
			require.Equal(t, test.wantErr, err)
			require.Equal(t, test.want, ranged)
		})
	}
}

func TestAllRangesAgain(t *testing.T) {
	all := source.Of(1, 2).All(t.Context())
	for range 2 {
		sum := 0
		for v := range all {
			sum += v
		}
		require.Equal(t, 3, sum)
	}
}

func TestLeavingTheLoopStopsTheStream(t *testing.T) {
	log := logged(t)
	emitted := 0
	src := observable.Observable[int](func(_ context.Context, emit func(int) bool) error {
		for emitted = 1; emit(emitted); emitted++ {
		}
		return nil
	})
	for v := range src.All(t.Context()) {
		if v == 3 {
			break
		}
	}
	require.Equal(t, 3, emitted)
	require.Empty(t, log.String())
}

func TestAFailureAfterTheLoopIsLogged(t *testing.T) {
	log := logged(t)
	for range observable.Observable[int](failToStop).All(t.Context()) {
		break
	}
	require.Contains(t, log.String(), "level=ERROR")
	require.Contains(t, log.String(), "error=test")
}

func TestFirstAndLast(t *testing.T) {
	for name, test := range map[string]struct {
		ctx               context.Context
		source            observable.Observable[int]
		first, last       int
		firstErr, lastErr error
	}{
		"many":           {t.Context(), source.Of(1, 2, 3), 1, 3, nil, nil},
		"one":            {t.Context(), source.Of(7), 7, 7, nil, nil},
		"none":           {t.Context(), source.Empty[int](), 0, 0, observable.ErrEmpty, observable.ErrEmpty},
		"failed":         {t.Context(), thenFail(), 0, 0, errTest, errTest},
		"failed later":   {t.Context(), thenFail(1, 2), 1, 0, nil, errTest},
		"failed to stop": {t.Context(), failToStop, 0, 0, errTest, errTest},
		"canceled":       {canceled(t), source.Of(1), 0, 0, errCanceled, errCanceled},
	} {
		t.Run(name, func(t *testing.T) {
			first, err := test.source.First(test.ctx)
			require.Equal(t, test.firstErr, err)
			require.Equal(t, test.first, first)

			last, err := test.source.Last(test.ctx)
			require.Equal(t, test.lastErr, err)
			require.Equal(t, test.last, last)
		})
	}
}

func TestFirstStopsTheStream(t *testing.T) {
	emitted := 0
	first, err := observable.Observable[int](func(_ context.Context, emit func(int) bool) error {
		for emitted = 1; emit(emitted); emitted++ {
		}
		return nil
	}).First(t.Context())
	require.NoError(t, err)
	require.Equal(t, 1, first)
	require.Equal(t, 1, emitted)
}

func TestConsumingANilObservablePanics(t *testing.T) {
	var none observable.Observable[int]
	for name, consume := range map[string]func(){
		"ForEach": func() { _ = none.ForEach(t.Context(), func(int) {}) },
		"All":     func() { none.All(t.Context()) },
		"Collect": func() { _, _ = none.Collect(t.Context()) },
		"First":   func() { _, _ = none.First(t.Context()) },
		"Last":    func() { _, _ = none.Last(t.Context()) },
		"Observe": func() { none.Observe(t.Context(), 1) },
	} {
		t.Run(name, func(t *testing.T) {
			require.PanicsWithValue(t, "observable."+name+": nil Observable", consume)
		})
	}
}

// A panic is not recovered, but cleanup still runs.
func TestPanicsPass(t *testing.T) {
	released := 0
	src := source.Using(
		func(context.Context) (int, error) { return 1, nil },
		func(v int) observable.Observable[int] { return source.Of(v) },
		func(int) error { released++; return nil },
	)
	require.PanicsWithValue(t, "oops", func() { _ = src.ForEach(t.Context(), func(int) { panic("oops") }) })
	require.PanicsWithValue(t, "oops", func() {
		for range src.All(t.Context()) {
			panic("oops")
		}
	})
	require.Equal(t, 2, released)
}
