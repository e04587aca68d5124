package operators_test

import (
	"context"
	"errors"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

func TestMap(t *testing.T) {
	got, err := operators.Map(source.Of(1, 2, 3), strconv.Itoa).Collect(t.Context())
	require.NoError(t, err)
	require.Equal(t, []string{"1", "2", "3"}, got)
}

func TestMapOfNilPanics(t *testing.T) {
	require.PanicsWithValue(t, "operators.Map: nil argument (number 2 among those that must not be nil, a func(int) int)", func() {
		operators.Map[int, int](source.Of(1), nil)
	})
}

func TestTryMapStopsAtTheFirstError(t *testing.T) {
	calls := 0
	parse := func(_ context.Context, s string) (int, error) {
		calls++
		return strconv.Atoi(s)
	}
	got, err := operators.TryMap(source.Of("1", "two", "3"), parse).Collect(t.Context())
	require.True(t, errors.Is(err, strconv.ErrSyntax))
	require.Equal(t, []int{1}, got)
	require.Equal(t, 2, calls)
}
