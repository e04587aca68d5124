package durable

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// puller asks a consumer on the server for messages, a batch at a time, and hands them over one by one. It starts no
// goroutine: the client's reader puts the messages into a channel, and next receives them.
//
// The client library's own iterator, jetstream.MessagesContext, is not used for these reasons:
//   - It has two goroutines, which end at some time after Stop.
//   - It hides that the server has no such consumer. Then nothing comes until a heartbeat is missed.
//   - After a reconnect it asks for a full batch while its buffer may be full, so that messages are dropped. A worker
//     gets those again only after its AckWait.
//   - It makes a timer for each message.
type puller struct {
	*stream
	subject string // of requests
	sub     *nats.Subscription
	arrived chan *nats.Msg
	batch   int
	open    int // messages that were asked for and are not handed over
	idle    time.Duration
	timer   *time.Timer
}

const (
	pullExpiry = 30 * time.Second

	// spareStatuses is more than the heartbeats and statuses that two requests get before they expire. The channel has
	// that much more than a batch, so the client never drops a message.
	spareStatuses = 1024
)

func (s *stream) pull(consumer string, batch int, idle time.Duration) (*puller, error) {
	p := &puller{
		stream:  s,
		subject: jetstream.DefaultAPIPrefix + "CONSUMER.MSG.NEXT." + s.name + "." + consumer,
		arrived: make(chan *nats.Msg, batch+spareStatuses),
		batch:   batch,
		idle:    idle,
		timer:   time.NewTimer(idle),
	}
	sub, err := s.nc.ChanSubscribe(s.nc.NewInbox(), p.arrived)
	if err != nil {
		return nil, fmt.Errorf("rivulet: durable: subscribing to messages: %w", err)
	}
	p.sub = sub
	return p, nil
}

// close ends the subscription. Messages that have arrived are still in the channel.
func (p *puller) close() error {
	p.timer.Stop()
	if err := p.sub.Unsubscribe(); err != nil && !p.nc.IsClosed() {
		return fmt.Errorf("rivulet: durable: unsubscribing: %w", err)
	}
	return nil
}

// next returns the next message. It returns nil for a heartbeat of the server.
func (p *puller) next(ctx context.Context) (*nats.Msg, error) {
	for {
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		if p.open <= p.batch/2 {
			if err := p.ask(); err != nil {
				return nil, err
			}
		}
		m, err := p.receive(ctx)
		if err != nil {
			return nil, err
		}
		code := status(m)
		switch code {
		case "":
			p.open--
			return m, nil
		case "100":
			return nil, nil
		case "404", "408": // the request is over, with fewer messages than it asked for
			p.open -= pendingOf(m)
		case "503": // the client has no text for it
			return nil, &StatusError{Code: code, Description: "No Responders"}
		default:
			return nil, &StatusError{Code: code, Description: m.Header.Get("Description")}
		}
	}
}

// receive returns what has arrived. A message that is there comes before the news that the connection is lost.
func (p *puller) receive(ctx context.Context) (*nats.Msg, error) {
	select {
	case m := <-p.arrived:
		return m, nil
	default:
	}
	if p.lost {
		return nil, errDisconnected
	}
	p.timer.Reset(p.idle)
	for {
		select {
		case m := <-p.arrived:
			return m, nil
		case status := <-p.changes:
			if status != nats.CONNECTED || len(p.changes) > 0 {
				return nil, errDisconnected
			}
		case <-p.timer.C:
			return nil, ErrIdleTimeout
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
	}
}

// ask requests as many messages as are missing to a batch.
func (p *puller) ask() error {
	expires := max(pullExpiry, p.idle)
	body, err := json.Marshal(struct {
		Batch     int           `json:"batch"`
		Expires   time.Duration `json:"expires"`
		Heartbeat time.Duration `json:"idle_heartbeat"`
	}{p.batch - p.open, expires, p.idle / 2})
	if err != nil {
		return fmt.Errorf("rivulet: durable: encoding a request: %w", err)
	}
	if err := p.nc.PublishRequest(p.subject, p.sub.Subject, body); err != nil {
		return fmt.Errorf("rivulet: durable: asking for messages: %w", err)
	}
	p.open = p.batch
	return nil
}

// status returns the code of a message of the server about a request, and "" for a message of the stream, which has a
// subject for its acknowledgement.
func status(m *nats.Msg) string {
	if m.Reply != "" || len(m.Data) > 0 || len(m.Header) == 0 {
		return ""
	}
	return m.Header.Get("Status")
}

// pendingOf returns how many messages a request that is over has not got.
func pendingOf(m *nats.Msg) int {
	n, err := strconv.Atoi(m.Header.Get("Nats-Pending-Messages"))
	if err != nil {
		return 0
	}
	return n
}
