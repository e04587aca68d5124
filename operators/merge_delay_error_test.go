package operators_test

import (
	"errors"
	"io"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

func TestMergeDelayError(t *testing.T) {
	for _, c := range []struct{ a, b, want string }{
		{"-a-b-|    ", "--x-y--|  ", "-axby--|  "},
		{"-a-#      ", "--x-y--|  ", "-ax-y--#  "},
		{"-a-----|  ", "#         ", "-a-----#  "},
		{"-a-#      ", "----------", "-a--------"},
		{"#         ", "#         ", "#         "},
		{"----------", "|         ", "----------"},
	} {
		requireMarbles(t, c.want, operators.MergeDelayError(marbles(c.a), marbles(c.b)))
	}
}

func TestMergeDelayErrorKeepsTheContract(t *testing.T) {
	op := func(sources ...numbers) numbers { return operators.MergeDelayError(sources...) }
	checkSources(t, 3, op)
	checkTeardown(t, 3, op)
}

func TestMergeDelayErrorJoinsTheFailuresInOrderOfTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		late := operators.DelaySubscription(source.Throw[int](errClose), time.Second)
		requireResult(t, operators.MergeDelayError(late, failing(1, 2)), errors.Join(errSource, errClose), 1, 2)
		last := operators.DelaySubscription(source.Throw[int](io.EOF), time.Minute)
		requireResult(t, operators.MergeDelayError(last, late, failing()), errors.Join(errSource, errClose, io.EOF))
		requireResult(t, operators.MergeDelayError(late, source.Of(3)), errClose, 3)
		requireResult(t, operators.MergeDelayError[int](), nil)
	})
}

func TestMergeDelayErrorHasNoFailureWhenStopped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		late := operators.DelaySubscription(source.Of(1), time.Second)
		got, err := operators.MergeDelayError(source.Throw[int](errSource), late).First(t.Context())
		require.NoError(t, err)
		require.Equal(t, 1, got)
	})
}

func TestMergeDelayErrorMisused(t *testing.T) {
	requirePanic(t, "operators.MergeDelayError: nil", func() { operators.MergeDelayError(source.Of(1), nil) })
}
