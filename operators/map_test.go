package operators_test

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

func TestMap(t *testing.T) {
	requireResult(t, operators.Map(source.Of(1, 2, 3), strconv.Itoa), nil, "1", "2", "3")
	requireResult(t, operators.Map(failing(1, 2), strconv.Itoa), errSource, "1", "2")
	requireResult(t, operators.Map(source.Empty[int](), strconv.Itoa), nil)
}

// parse counts its calls, and fails with "two".
func parse(calls *int) func(context.Context, string) (int, error) {
	return func(_ context.Context, s string) (int, error) {
		*calls++
		return strconv.Atoi(s)
	}
}

func TestTryMapStopsAtTheFirstError(t *testing.T) {
	calls := 0
	got, err := operators.TryMap(source.Of("1", "two", "3"), parse(&calls)).Collect(t.Context())
	require.ErrorIs(t, err, strconv.ErrSyntax)
	require.Equal(t, []int{1}, got)
	require.Equal(t, 2, calls)
}

func TestTryMapGivesItsContextToTheFunction(t *testing.T) {
	type key struct{}
	lookUp := func(ctx context.Context, factor int) (int, error) { return factor * ctx.Value(key{}).(int), nil }
	prices := operators.TryMap(source.Of(1, 2), lookUp)
	got, err := prices.Collect(context.WithValue(t.Context(), key{}, 5))
	require.NoError(t, err)
	require.Equal(t, []int{5, 10}, got)
}

// If f fails because ctx was canceled, the run fails with the cause and not with context.Canceled.
func TestTryMapCanceledInItsFunction(t *testing.T) {
	cause := errors.New("enough")
	ctx, cancel := context.WithCancelCause(t.Context())
	get := func(ctx context.Context, _ int) (int, error) {
		cancel(cause)
		return 0, fmt.Errorf("get: %w", ctx.Err())
	}
	require.Equal(t, cause, operators.TryMap(source.Of(1, 2), get).ForEach(ctx, func(int) {}))
}

func TestTryMapJoinsAFailureToTearDown(t *testing.T) {
	release := errors.New("cannot release")
	lines := source.Using(
		func(context.Context) (string, error) { return "two", nil },
		func(line string) observable.Observable[string] { return source.Of(line) },
		func(string) error { return release },
	)
	calls := 0
	err := operators.TryMap(lines, parse(&calls)).ForEach(t.Context(), func(int) {})
	require.ErrorIs(t, err, strconv.ErrSyntax)
	require.ErrorIs(t, err, release)
}

func TestMapKeepsTheContract(t *testing.T) {
	refuseNine := func(_ context.Context, v int) (int, error) {
		if v == 9 {
			return 0, errors.New("a nine")
		}
		return v, nil
	}
	for name, op := range map[string]func(numbers) numbers{
		"Map":               func(src numbers) numbers { return operators.Map(src, double) },
		"TryMap":            func(src numbers) numbers { return operators.TryMap(src, tryDouble) },
		"TryMap that fails": func(src numbers) numbers { return operators.TryMap(src, refuseNine) },
	} {
		t.Run(name, func(t *testing.T) { checkSynchronous(t, op) })
	}
}

func TestMapMisused(t *testing.T) {
	requirePanic(t, "operators.Map: nil source or function", func() { operators.Map[int, int](source.Of(1), nil) })
	requirePanic(t, "operators.TryMap: nil", func() { operators.TryMap[int, int](source.Of(1), nil) })
}
