package durable_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/durable"
	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/sink"
)

func TestHistory(t *testing.T) {
	_, nc := serve(t)
	numbers(t, nc, 10)
	middle, err := operators.Skip(durable.From[int](nc, "numbers"), 4).First(t.Context())
	require.NoError(t, err)
	history := durable.History[int](nc, "numbers", durable.WithBatch(3))
	require.Equal(t, through(6, 10), first(t, history(t.Context(), middle.Cursor()), 5))

	_, err = history(t.Context(), "an ID of another sink").Collect(t.Context())
	require.ErrorIs(t, err, sink.ErrHistoryGone)
	_, isCursor := errors.AsType[*durable.CursorError](err)
	require.True(t, isCursor)

	stream, err := jet(t, nc).Stream(t.Context(), "numbers")
	require.NoError(t, err)
	require.NoError(t, stream.Purge(t.Context(), jetstream.WithPurgeSequence(8)))
	_, err = history(t.Context(), middle.Cursor()).Collect(t.Context())
	require.ErrorIs(t, err, sink.ErrHistoryGone)
	gap, isGap := errors.AsType[*durable.GapError](err)
	require.True(t, isGap)
	require.Equal(t, uint64(6), gap.Wanted)

	canceled, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = history(t.Context(), middle.Cursor()).Collect(canceled)
	require.Equal(t, context.Canceled, err)
	require.Empty(t, consumers(t, nc))
	require.Panics(t, func() { durable.History[int](nc, "") })
}

func ExampleHistory() {
	nc, closeAll := open()
	defer closeAll()
	store(nc)
	ctx := context.Background()
	handler := sink.EventSource(durable.From[Visitor](nc, "VISITORS", durable.WithStartTail(1)), sink.Config[durable.Message[Visitor]]{
		ID:      durable.Message[Visitor].Cursor,
		Eager:   true,
		Replay:  1, // the rest comes from the log
		History: durable.History[Visitor](nc, "VISITORS"),
	})
	defer handler.Close()

	first, err := durable.From[Visitor](nc, "VISITORS").First(ctx)
	if err != nil {
		panic(err)
	}
	history := durable.History[Visitor](nc, "VISITORS")(ctx, first.Cursor())
	for m, err := range operators.Take(history, 2).All(ctx) {
		fmt.Println(m.Data, err)
	}
	// Output:
	// {2 fr} <nil>
	// {3 de} <nil>
}
