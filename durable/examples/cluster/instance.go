package main

import (
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/nats-io/nats.go"

	"github.com/rivulet-go/rivulet/durable"
	"github.com/rivulet-go/rivulet/sink"
)

// instance serves the stream as Server-Sent Events. It has a port and a connection to the log of its own, like a process
// on another machine.
type instance struct {
	addr    string
	nc      *nats.Conn
	handler *sink.Handler[durable.Message[visitor]]
	server  *http.Server
	served  chan error     // the result of the server
	conns   sync.WaitGroup // the connections of clients
}

// startInstance starts an instance, which keeps so many visitors. It starts also while the log is away.
func startInstance(b *backend, replay int) (*instance, error) {
	nc, err := b.connect(nats.RetryOnFailedConnect(true))
	if err != nil {
		return nil, err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		nc.Close()
		return nil, err
	}
	i := &instance{addr: listener.Addr().String(), nc: nc, handler: newHandler(nc, replay), served: make(chan error, 1)}
	i.server = &http.Server{Handler: i.handler, ReadHeaderTimeout: 10 * time.Second, ConnState: i.count}
	go func() { i.served <- i.server.Serve(listener) }()
	return i, nil
}

// newHandler returns the handler of an instance. It begins with the latest visitors, so that it knows the position of the
// stream. Its event IDs are those of every other instance. Visitors that it does not keep come from the log.
func newHandler(nc *nats.Conn, replay int) *sink.Handler[durable.Message[visitor]] {
	latest := durable.From[visitor](nc, streamName, durable.WithStartTail(replay))
	return sink.EventSource(latest, sink.Config[durable.Message[visitor]]{
		ID:      durable.Message[visitor].Cursor,
		Encode:  func(m durable.Message[visitor]) ([]byte, error) { return json.Marshal(m.Data) },
		Eager:   true,
		Replay:  replay,
		Buffer:  10_000, // after an outage, many visitors come at once
		History: durable.History[visitor](nc, streamName),
	})
}

func (i *instance) count(_ net.Conn, state http.ConnState) {
	switch state {
	case http.StateNew:
		i.conns.Add(1)
	case http.StateClosed:
		i.conns.Done()
	}
}

// stop cuts all connections of clients, as the end of a process would. Then it waits for the end of everything that uses
// the connection to the log, so that no consumer is left on the server.
func (i *instance) stop() error {
	err := i.server.Close()
	if failure := <-i.served; !errors.Is(failure, http.ErrServerClosed) {
		err = errors.Join(err, failure)
	}
	i.handler.Close()
	i.conns.Wait()
	i.nc.Close()
	return err
}
