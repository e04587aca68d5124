package durable

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

const (
	requestTimeout = 5 * time.Second // of one request to the server
	cleanUpTimeout = 5 * time.Second
)

// stream is what a run knows of the stream that it uses. One goroutine uses it.
type stream struct {
	nc      *nats.Conn
	js      jetstream.JetStream
	name    string
	changes chan nats.Status // of nc; it has one if the connection was lost, unless lost is set
	lost    bool             // such a loss was taken from changes

	incarnation string // "" before the first look
}

func openStream(nc *nats.Conn, name string) (*stream, error) {
	js, err := jetstream.New(nc)
	if err != nil {
		return nil, fmt.Errorf("rivulet: durable: %w", err)
	}
	changes := nc.StatusChanged(nats.CONNECTED, nats.RECONNECTING, nats.DISCONNECTED, nats.CLOSED)
	return &stream{nc: nc, js: js, name: name, changes: changes}, nil
}

func (s *stream) close() { s.nc.RemoveStatusListener(s.changes) }

// connected waits until there is a connection.
func (s *stream) connected(ctx context.Context) error {
	for {
		for len(s.changes) > 0 {
			<-s.changes
		}
		s.lost = false
		switch status := s.nc.Status(); status {
		case nats.CONNECTED:
			return nil
		case nats.CLOSED:
			return nats.ErrConnectionClosed
		case nats.DRAINING_SUBS, nats.DRAINING_PUBS:
			return nats.ErrConnectionDraining
		}
		select {
		case <-s.changes:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

// opening returns a context for the part of an attempt until messages flow.
func opening(ctx context.Context, limit time.Duration) (context.Context, context.CancelFunc) {
	return context.WithTimeoutCause(ctx, limit, ErrConnectTimeout)
}

// request calls do with a context that ends after the time for one request, and when the connection is lost: then no
// answer comes.
func (s *stream) request(ctx context.Context, what string, do func(context.Context) error) error {
	limited, cancel := context.WithTimeout(ctx, requestTimeout)
	defer cancel()
	watched := make(chan bool)
	go func() { watched <- s.awaitLoss(limited, cancel) }()
	err := do(limited)
	cancel()
	lost := <-watched
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case lost:
		return errDisconnected
	case final(err):
		return err
	default:
		return fmt.Errorf("rivulet: durable: stream %q: %s: %w", s.name, what, err)
	}
}

// awaitLoss cancels ctx when the connection is lost, and reports whether it was.
func (s *stream) awaitLoss(ctx context.Context, cancel context.CancelFunc) bool {
	for {
		select {
		case status := <-s.changes:
			if status != nats.CONNECTED {
				cancel()
				s.lost = true
				return true
			}
		case <-ctx.Done():
			return false
		}
	}
}

// sight is a stream at one moment.
type sight struct {
	incarnation string
	first, last uint64
	config      jetstream.StreamConfig
}

func (s *stream) look(ctx context.Context) (now sight, err error) {
	err = s.request(ctx, "looking at it", func(ctx context.Context) error {
		handle, err := s.js.Stream(ctx, s.name)
		if err != nil {
			return err
		}
		info := handle.CachedInfo()
		now = sight{
			incarnation: incarnationOf(info.Created),
			first:       max(info.State.FirstSeq, 1),
			last:        info.State.LastSeq,
			config:      info.Config,
		}
		return nil
	})
	return now, err
}

// deleteConsumer deletes a consumer if there is a connection. It reports whether the consumer is gone.
func (s *stream) deleteConsumer(ctx context.Context, name string) (gone bool, err error) {
	if !s.nc.IsConnected() {
		return false, nil
	}
	err = s.request(ctx, "deleting the consumer", func(ctx context.Context) error {
		return s.js.DeleteConsumer(ctx, s.name, name)
	})
	switch {
	case err == nil, errors.Is(err, jetstream.ErrConsumerNotFound), errors.Is(err, jetstream.ErrStreamNotFound):
		return true, nil
	case !s.nc.IsConnected() || err == errDisconnected:
		return false, nil
	default:
		return false, err
	}
}
