package operators_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

// handlers are the operators that handle a failure. They call seen with it, except OnErrorResumeNext.
var handlers = map[string]func(src numbers, seen func(error)) numbers{
	"Catch": func(src numbers, seen func(error)) numbers {
		return operators.Catch(src, func(err error) numbers { seen(err); return source.Of(8, 9) })
	},
	"OnErrorReturn": func(src numbers, seen func(error)) numbers {
		return operators.OnErrorReturn(src, func(err error) int { seen(err); return 8 })
	},
	"MapError": func(src numbers, seen func(error)) numbers {
		return operators.MapError(src, func(err error) error { seen(err); return errOther })
	},
	"OnErrorResumeNext": func(src numbers, _ func(error)) numbers {
		return operators.OnErrorResumeNext(src, source.Of(8, 9), failing(1))
	},
}

func TestHandlersOfFailures(t *testing.T) {
	for name, handle := range handlers {
		t.Run(name, func(t *testing.T) {
			checkSynchronous(t, func(src numbers) numbers { return handle(src, func(error) {}) })
		})
	}
}

func TestHandlersSeeFailuresOnly(t *testing.T) {
	for name, handle := range handlers {
		t.Run(name, func(t *testing.T) {
			never := func(err error) { t.Errorf("it was asked about the error %v", err) }
			_, err := handle(source.Of(1, 2), never).Collect(t.Context())
			require.NoError(t, err)

			first := handle(failingToStop, never)
			_, err = first.First(t.Context())
			require.Equal(t, errSource, err, "a failure to stop is nobody's to catch: there is no one to emit to")

			ctx, cancel := context.WithCancelCause(t.Context())
			err = handle(source.Repeat(1), never).ForEach(ctx, func(int) { cancel(errOther) })
			require.Equal(t, errOther, err)
		})
	}
}

// A failure after ctx was canceled is returned and not handled, because a fallback could not run.
func TestHandlersKeepAFailureOfACanceledRun(t *testing.T) {
	for name, handle := range handlers {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithCancelCause(t.Context())
			src := func(ctx context.Context, _ func(int) bool) error {
				cancel(errOther)
				return errors.Join(context.Cause(ctx), errSource)
			}
			_, err := handle(src, func(error) { t.Error("it was handled") }).Collect(ctx)
			require.ErrorIs(t, err, errOther)
			require.ErrorIs(t, err, errSource)
		})
	}
}

func TestHandlersRunAfterTheSourceIsTornDown(t *testing.T) {
	for _, name := range []string{"Catch", "OnErrorReturn", "MapError"} {
		t.Run(name, func(t *testing.T) {
			tornDown, seen := false, 0
			src := operators.Finally(failing(1), func(error) { tornDown = true })
			_, _ = handlers[name](src, func(err error) {
				seen++
				require.Equal(t, errSource, err)
				require.True(t, tornDown)
			}).Collect(t.Context())
			require.Equal(t, 1, seen)
		})
	}
}

func TestCatch(t *testing.T) {
	fallback := func(to numbers) func(error) numbers { return func(error) numbers { return to } }
	requireResult(t, operators.Catch(failing(1, 2), fallback(source.Of(8, 9))), nil, 1, 2, 8, 9)
	requireResult(t, operators.Catch(failing(), fallback(source.Empty[int]())), nil)
	requireResult(t, operators.Catch(source.Of(1), fallback(source.Of(8))), nil, 1)
	requireResult(t, operators.Catch(failing(1), fallback(source.Throw[int](errOther))), errOther, 1)
	requireResult(t, operators.Take(operators.Catch(failing(1), fallback(source.Repeat(8))), 3), nil, 1, 8, 8)

	// The fallback may be src, which then runs again.
	src := failing(1)
	requireResult(t, operators.Catch(src, fallback(src)), errSource, 1, 1)
}

func TestOnErrorReturn(t *testing.T) {
	length := func(err error) int { return len(err.Error()) }
	requireResult(t, operators.OnErrorReturn(failing(1), length), nil, 1, len(errSource.Error()))
	requireResult(t, operators.OnErrorReturn(source.Of(1), length), nil, 1)
}

func TestOnErrorResumeNext(t *testing.T) {
	requireResult(t, operators.OnErrorResumeNext[int](), nil)
	requireResult(t, operators.OnErrorResumeNext(failing(1), source.Of(2), failing(3), source.Of(4)), nil, 1, 2, 3, 4)
	requireResult(t, operators.OnErrorResumeNext(source.Of(1), failing(2)), nil, 1, 2)

	open := 0
	src := source.Defer(func() numbers {
		require.Zero(t, open)
		open++
		return operators.Finally(failing(1), func(error) { open-- })
	})
	requireResult(t, operators.OnErrorResumeNext(src, src), nil, 1, 1)
}

func TestMapError(t *testing.T) {
	requireResult(t, operators.MapError(failing(1), func(error) error { return errOther }), errOther, 1)
	requireResult(t, operators.MapError(failing(1), func(error) error { return nil }), nil, 1)
	requireResult(t, operators.MapError(source.Of(1), func(error) error { return errOther }), nil, 1)
}

func TestMistakesInCatch(t *testing.T) {
	src := source.Of(1)
	requirePanic(t, "operators.Catch: nil source or function", func() { operators.Catch(src, nil) })
	requirePanic(t, "operators.OnErrorReturn: nil source or function", func() { operators.OnErrorReturn(src, nil) })
	requirePanic(t, "operators.OnErrorResumeNext: nil source", func() { operators.OnErrorResumeNext(src, nil) })
	requirePanic(t, "operators.MapError: nil source or function", func() { operators.MapError(src, nil) })

	caught := operators.Catch(failing(1), func(error) numbers { return nil })
	require.PanicsWithValue(t, "operators.Catch: fallback returned a nil Observable", func() {
		_, _ = caught.Collect(t.Context())
	})
}
