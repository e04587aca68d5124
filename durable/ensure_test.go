package durable_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/durable"
)

func TestEnsureCreatesWithLimits(t *testing.T) {
	_, nc := serve(t)
	config := durable.StreamConfig{Name: "numbers"}
	var calls sync.WaitGroup
	errs := make([]error, 8)
	for i := range errs {
		calls.Go(func() { errs[i] = durable.Ensure(t.Context(), nc, config) })
	}
	calls.Wait()
	for _, err := range errs {
		require.NoError(t, err)
	}
	have := info(t, nc).Config
	require.Equal(t, []string{"numbers"}, have.Subjects)
	require.Equal(t, 7*24*time.Hour, have.MaxAge)
	require.Equal(t, int64(1<<30), have.MaxBytes)
	require.Equal(t, int64(-1), have.MaxMsgs)
	require.Equal(t, 2*time.Minute, have.Duplicates)
	require.Equal(t, jetstream.FileStorage, have.Storage)
}

func TestEnsureTakesLimits(t *testing.T) {
	_, nc := serve(t)
	config := durable.StreamConfig{
		Name: "numbers", Subjects: []string{"a.*", "b"}, Memory: true, Retention: jetstream.WorkQueuePolicy,
		MaxAge: time.Minute, MaxBytes: -1, MaxMessages: 10,
	}
	require.NoError(t, durable.Ensure(t.Context(), nc, config))
	have := info(t, nc).Config
	require.Equal(t, time.Minute, have.MaxAge)
	require.Equal(t, time.Minute, have.Duplicates, "not longer than messages are kept")
	require.Equal(t, int64(-1), have.MaxBytes)
	require.Equal(t, int64(10), have.MaxMsgs)
	require.Equal(t, jetstream.MemoryStorage, have.Storage)
	config.Subjects = []string{"b", "a.*"}
	require.NoError(t, durable.Ensure(t.Context(), nc, config), "the order of subjects means nothing")

	unlimited := durable.StreamConfig{Name: "unlimited", MaxAge: -1, Duplicates: time.Hour}
	require.NoError(t, durable.Ensure(t.Context(), nc, unlimited))
	require.NoError(t, durable.Ensure(t.Context(), nc, unlimited))
}

func TestEnsureNamesTheDifferences(t *testing.T) {
	_, nc := serve(t)
	require.NoError(t, durable.Ensure(t.Context(), nc, durable.StreamConfig{Name: "numbers"}))
	err := durable.Ensure(t.Context(), nc, durable.StreamConfig{
		Name: "numbers", Subjects: []string{"other"}, Memory: true, Replicas: 3, MaxAge: time.Hour, MaxBytes: 5,
		MaxMessages: 7, Duplicates: time.Second, Retention: jetstream.InterestPolicy,
	})
	require.Equal(t, &durable.DifferenceError{Stream: "numbers", Differences: []durable.Difference{
		{Setting: "Subjects", Want: []string{"other"}, Have: []string{"numbers"}},
		{Setting: "Memory", Want: true, Have: false},
		{Setting: "Replicas", Want: 3, Have: 1},
		{Setting: "Retention", Want: jetstream.InterestPolicy, Have: jetstream.LimitsPolicy},
		{Setting: "MaxAge", Want: time.Hour, Have: 168 * time.Hour},
		{Setting: "MaxBytes", Want: int64(5), Have: int64(1 << 30)},
		{Setting: "MaxMessages", Want: int64(7), Have: int64(-1)},
		{Setting: "Duplicates", Want: time.Second, Have: 2 * time.Minute},
	}}, err)
	require.ErrorContains(t, err, `rivulet: durable: stream "numbers" exists, but its Subjects is [numbers], not [other]; Memory`)
}

func TestEnsureFails(t *testing.T) {
	s, nc := serve(t)
	err := durable.Ensure(t.Context(), nc, durable.StreamConfig{Name: "a b"})
	require.ErrorIs(t, err, jetstream.ErrInvalidStreamName)
	err = durable.Ensure(t.Context(), nc, durable.StreamConfig{Name: "numbers", Replicas: 3})
	require.ErrorContains(t, err, "replicas")
	s.Stop()
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	require.ErrorIs(t, durable.Ensure(ctx, nc, durable.StreamConfig{Name: "numbers"}), context.DeadlineExceeded)
}
