package durable

import (
	"context"
	"strconv"
	"testing"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/durable/embedded"
)

// The connection is lost when the acknowledgement of the first message has arrived and is not emitted, and the others are
// stored. The only writer of the stream recognizes them.
func TestTheOnlyWriterFindsWhatItHasStored(t *testing.T) {
	server, err := embedded.Start()
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, server.Close()) })
	nc, err := server.Connect()
	require.NoError(t, err)
	t.Cleanup(nc.Close)
	require.NoError(t, Ensure(t.Context(), nc, StreamConfig{Name: "s"}))
	stream, err := openStream(nc, "s")
	require.NoError(t, err)
	t.Cleanup(stream.close)

	p := &publisher[int]{settings: newSettings(0), place: &place{stream: stream, next: 1}}
	p.single = true
	for i := range 3 {
		msg := &nats.Msg{Subject: "s", Header: nats.Header{jetstream.MsgIDHeader: {strconv.Itoa(i)}}}
		_, err := stream.js.PublishMsg(context.Background(), msg)
		require.NoError(t, err)
		p.window = append(p.window, &outgoing[int]{msg: msg})
	}
	p.acked(p.window[0], reply{Seq: 1})

	now, err := p.look(t.Context())
	require.NoError(t, err)
	require.NoError(t, p.reconcile(t.Context(), now))
	for i, out := range p.window {
		require.True(t, out.acked)
		require.Equal(t, uint64(i+1), out.ack.Seq)
		require.False(t, out.ack.Late)
	}
	require.Equal(t, uint64(4), p.next)
}
