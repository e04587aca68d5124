package durable_test

import (
	"context"
	"math"
	"runtime"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/durable"
	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/source"
)

// A run that is canceled while the server creates its consumer leaves none.
func TestNoConsumerIsLeftOfACanceledRun(t *testing.T) {
	_, nc := serve(t)
	numbers(t, nc, 1)
	for range 300 {
		ctx, cancel := context.WithCancel(t.Context())
		sub, err := nc.Subscribe("$JS.API.CONSUMER.CREATE.>", func(*nats.Msg) { cancel() })
		require.NoError(t, err)
		err = durable.From[int](nc, "numbers", durable.WithStartNew()).ForEach(ctx, func(durable.Message[int]) {})
		require.Equal(t, context.Canceled, err)
		require.NoError(t, sub.Unsubscribe())
	}
	require.Empty(t, consumers(t, nc))
}

// When a run has returned, it has left no subscription on the server or the client, and no consumer but that of a worker.
// Its goroutines have ended, in the server a moment later.
func TestNothingIsLeft(t *testing.T) {
	s, nc := serve(t)
	numbers(t, nc, 100)
	runs := map[string]func() error{
		"From": func() error {
			return operators.Take(durable.From[int](nc, "numbers", durable.WithBatch(10)), 25).ForEach(t.Context(), func(durable.Message[int]) {})
		},
		"Work": func() error {
			work := durable.Work[int](nc, "numbers", "w", durable.WithBatch(10), durable.WithAckOnEmit())
			return operators.Take(work, 25).ForEach(t.Context(), func(*durable.Job[int]) {})
		},
		"Publish": func() error {
			publish := durable.Publish(source.Range(1, math.MaxInt), nc, "numbers", subjectOf)
			return operators.Take(publish, 25).ForEach(t.Context(), func(durable.Ack[int]) {})
		},
	}
	for _, run := range runs {
		require.NoError(t, run()) // what the connection and the worker keep is there now
	}
	for name, run := range runs {
		t.Run(name, func(t *testing.T) {
			time.Sleep(100 * time.Millisecond) // what the server still does for an earlier run
			subscriptions, onClient, goroutines := s.NATS().NumSubscriptions(), nc.NumSubscriptions(), runtime.NumGoroutine()
			require.NoError(t, run())
			require.Equal(t, onClient, nc.NumSubscriptions())
			require.Equal(t, []string{"w"}, consumers(t, nc))
			require.Eventually(t, func() bool {
				return s.NATS().NumSubscriptions() == subscriptions && runtime.NumGoroutine() <= goroutines+1 // Eventually has one
			}, 10*time.Second, 10*time.Millisecond)
		})
	}
}
