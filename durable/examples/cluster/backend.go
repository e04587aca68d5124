package main

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"time"

	"github.com/nats-io/nats.go"

	"github.com/rivulet-go/rivulet/durable"
	"github.com/rivulet-go/rivulet/durable/embedded"
)

const (
	streamName   = "VISITORS"
	startTimeout = 30 * time.Second // of a request to the log at the start of the program
)

// backend is the log that all instances share: an embedded server, or a cluster.
type backend struct {
	url       string           // of -nats
	server    *embedded.Server // nil with -nats
	temporary string           // the folder to be removed; "" if there is none
}

// openBackend starts a server, or finds the one of -nats, and makes sure that it has the stream.
func openBackend(ctx context.Context, c config) (b *backend, err error) {
	b = &backend{url: c.nats}
	if c.nats == "" {
		err = b.startServer(c.dir)
	}
	if err == nil {
		err = b.ensure(ctx, c.replicas)
	}
	if err != nil {
		return nil, errors.Join(err, b.close())
	}
	return b, nil
}

// startServer starts a server with a folder of the program's own, as embedded.Start's temporary one is emptied by a
// restart. Connections are in the process: while the server restarts, another program could take a TCP port.
func (b *backend) startServer(dir string) (err error) {
	if dir == "" {
		if dir, err = os.MkdirTemp("", "rivulet-cluster-"); err != nil {
			return err
		}
		b.temporary = dir
	}
	b.server, err = embedded.Start(embedded.WithDir(dir), embedded.WithAddr(""))
	return err
}

// connect opens a connection that reconnects indefinitely. It fails if there is no server.
func (b *backend) connect(opts ...nats.Option) (*nats.Conn, error) {
	warn := func(_ *nats.Conn, _ *nats.Subscription, err error) {
		slog.Warn("cluster: a connection to the log", "error", err)
	}
	opts = append(opts, nats.ErrorHandler(warn))
	if b.server != nil {
		return b.server.Connect(opts...)
	}
	return nats.Connect(b.url, append(opts, embedded.Reconnecting())...)
}

func (b *backend) ensure(ctx context.Context, replicas int) error {
	nc, err := b.connect()
	if err != nil {
		return err
	}
	defer nc.Close()
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	return durable.Ensure(ctx, nc, durable.StreamConfig{
		Name: streamName, Subjects: []string{"visitors.*"}, Replicas: replicas,
	})
}

func (b *backend) close() (err error) {
	if b.server != nil {
		err = b.server.Close()
	}
	if b.temporary != "" {
		err = errors.Join(err, os.RemoveAll(b.temporary))
	}
	return err
}
