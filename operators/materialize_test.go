package operators_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

type notification = operators.Notification[int]

func TestMaterialize(t *testing.T) {
	requireResult(t, operators.Materialize(source.Of(1, 2)), nil,
		notification{Value: 1}, notification{Value: 2}, notification{Complete: true})
	requireResult(t, operators.Materialize(failing(1)), nil, notification{Value: 1}, notification{Err: errSource})
	requireResult(t, operators.Materialize(source.Empty[int]()), nil, notification{Complete: true})
	requireResult(t, operators.Materialize(source.Throw[int](errSource)), nil, notification{Err: errSource})
}

func TestMaterializeStoppedIsSilent(t *testing.T) {
	requireResult(t, operators.Take(operators.Materialize(source.Of(1)), 1), nil, notification{Value: 1})
}

func TestMaterializeCanceledFails(t *testing.T) {
	cause := errors.New("enough")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(cause)
	got, err := operators.Materialize(source.Never[int]()).Collect(ctx)
	require.Equal(t, cause, err)
	require.Empty(t, got)
}

func TestDematerialize(t *testing.T) {
	one, end, failed := notification{Value: 1}, notification{Complete: true}, notification{Err: errSource}
	for _, test := range []struct {
		signals []notification
		failure error
		items   []int
	}{
		{signals: nil},
		{signals: []notification{end}},
		{signals: []notification{failed}, failure: errSource},
		{signals: []notification{one, one}, items: []int{1, 1}},
		{signals: []notification{one, end, one}, items: []int{1}},
		{signals: []notification{one, failed, one}, failure: errSource, items: []int{1}},
	} {
		requireResult(t, operators.Dematerialize(source.FromSlice(test.signals)), test.failure, test.items...)
	}
}

func TestDematerializeStopsItsSourceAtTheEnd(t *testing.T) {
	ended := operators.Concat(source.Of(notification{Complete: true}), source.Never[notification]())
	requireResult(t, operators.Dematerialize(ended), nil)
}

func TestDematerializeOfAFailingSource(t *testing.T) {
	failed := operators.Concat(source.Of(notification{Value: 1}), source.Throw[notification](errSource))
	requireResult(t, operators.Dematerialize(failed), errSource, 1)
}

func TestMaterializeKeepsTheContract(t *testing.T) {
	t.Run("Materialize", func(t *testing.T) {
		checkSynchronous(t, func(src numbers) observable.Observable[notification] { return operators.Materialize(src) })
	})
	t.Run("there and back", func(t *testing.T) {
		checkSynchronous(t, func(src numbers) numbers { return operators.Dematerialize(operators.Materialize(src)) })
	})
}

func TestMaterializeMisused(t *testing.T) {
	requirePanic(t, "operators.Materialize: nil", func() { operators.Materialize[int](nil) })
	requirePanic(t, "operators.Dematerialize: nil", func() { operators.Dematerialize[int](nil) })
}
