package durable

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/nats-io/nuid"

	"github.com/rivulet-go/rivulet/internal/connect"
	"github.com/rivulet-go/rivulet/observable"
)

// inactive is how long the server keeps a consumer of From that does not ask for messages.
const inactive = 5 * time.Minute

// From emits the messages of a stream in order, each exactly once: first those that the stream has, from the start
// option on, and then each new one. It never completes.
//
// A T that is string or []byte gets the data as it is. Other types are decoded from JSON, see [WithDecoder].
//
// If the connection, the server or the consumer is lost, From waits until it is back and resumes with the next message,
// see [WithRetry]. It fails with
//   - [*GapError]: messages that it wants are not in the stream any more, unless [WithOnGap] handles that,
//   - [*ParseError]: data that cannot be decoded, unless [WithOnParseError] handles that,
//   - [*CursorError]: a text in [WithCursor] that is not a cursor,
//   - the error of the attempt, if the policy does not retry it, or a [*retry.Error] after too many attempts.
//
// From checks whether the limits of the stream have removed messages before they were read: at each reconnection, and
// whenever sequences are missing, which costs a request to the server. With [WithSubjects], or if the stream limits the
// messages of a subject, missing sequences are normal. From then checks only at a reconnection, and fails there although
// the removed messages may have been on other subjects.
//
// From runs on the subscriber's goroutine. It starts one more while it waits for the answer to a request. It buffers up
// to 500 messages ([WithBatch]). While emit blocks, it asks for no more messages, so the server waits. It uses a consumer
// on the server, which is deleted when the run returns. If the connection is lost at that time, the server deletes the
// consumer after 5 minutes. A run that is canceled while the server creates the consumer waits for the answer first, for 5
// seconds at most.
func From[T any](nc *nats.Conn, stream string, opts ...FromOption) observable.Observable[Message[T]] {
	if nc == nil || stream == "" {
		panic("durable.From: nil nc or empty stream")
	}
	s := newSettings(defaultFromBatch)
	for i, opt := range opts {
		notNil("durable.From", fmt.Sprintf("option %d", i+1), opt == nil)
		opt.from(s)
	}
	s.settled()
	return func(ctx context.Context, emit func(Message[T]) bool) error {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		r, err := newReader(nc, stream, s)
		if err != nil {
			return err
		}
		defer r.close()
		messages := newMessages[T](s, r.place)
		return r.run(ctx, func(m *nats.Msg, meta *nats.MsgMetadata) error {
			message, err := messages.of(m, meta)
			if err != nil {
				return messages.failed(err)
			}
			if !emit(message) {
				return errDone
			}
			return nil
		})
	}
}

// messages converts messages of the client library to those of a stream.
type messages[T any] struct {
	*settings
	place  *place
	decode func(data []byte) (T, error)
}

func newMessages[T any](s *settings, p *place) messages[T] {
	return messages[T]{settings: s, place: p, decode: decoderOf[T](s.decode)}
}

func (ms messages[T]) of(m *nats.Msg, meta *nats.MsgMetadata) (Message[T], error) {
	data, err := ms.decode(m.Data)
	if err != nil {
		return Message[T]{}, &ParseError{
			Stream: ms.place.name, Subject: m.Subject, Cursor: cursor(ms.place.incarnation, meta.Sequence.Stream),
			Data: append([]byte(nil), m.Data...), Err: err,
		}
	}
	return Message[T]{
		Incarnation: ms.place.incarnation,
		Seq:         meta.Sequence.Stream,
		Subject:     m.Subject,
		Time:        meta.Timestamp,
		Header:      m.Header,
		Data:        data,
	}, nil
}

// failed reports an error of decoding to the hooks, or returns it if there is none.
func (ms messages[T]) failed(err error) error {
	parse, ok := errors.AsType[*ParseError](err)
	if !ok || len(ms.onParseError) == 0 {
		return err
	}
	for _, hook := range ms.onParseError {
		hook(parse)
	}
	return nil
}

// reader is a run of From, without the type of the data.
type reader struct {
	*settings
	*place
	attempts  *connect.Attempts
	consumers []string // that were created and are not known to be gone
	replayed  uint64   // up to this sequence, what the start option skips is no gap
	leftover  error    // of cleaning up after the latest attempt
}

func newReader(nc *nats.Conn, name string, s *settings) (*reader, error) {
	stream, err := openStream(nc, name)
	if err != nil {
		return nil, err
	}
	return &reader{
		settings: s,
		place:    &place{stream: stream, onGap: s.onGap},
		attempts: connect.New("durable stream", name, s.Config),
	}, nil
}

// run reads until deliver returns an error, which is errDone if the stream is to stop.
func (r *reader) run(ctx context.Context, deliver func(*nats.Msg, *nats.MsgMetadata) error) error {
	err := r.attempts.Run(ctx, func(ctx context.Context) error {
		return ended(r.attempt(ctx, deliver))
	})
	return join(err, r.leftover)
}

// ended returns nil for errDone.
func ended(err error) error {
	if err == errDone {
		return nil
	}
	return err
}

// join returns a failure and the error of cleaning up after it. If there is only one of them, it is returned as it is.
func join(failure, cleanUp error) error {
	switch {
	case cleanUp == nil:
		return failure
	case failure == nil:
		return cleanUp
	default:
		return errors.Join(failure, cleanUp)
	}
}

// attempt makes a consumer and delivers its messages until something fails.
func (r *reader) attempt(ctx context.Context, deliver func(*nats.Msg, *nats.MsgMetadata) error) error {
	r.leftover = nil
	begin, cancel := opening(ctx, r.connectTimeout)
	defer cancel()
	if err := r.connected(begin); err != nil {
		return err
	}
	if err := r.deleteConsumers(begin); err != nil {
		return err
	}
	now, err := r.look(begin)
	if err != nil {
		return err
	}
	if err := r.resume(now, r.start); err != nil {
		return err
	}
	if r.start.policy == jetstream.DeliverLastPerSubjectPolicy && r.next == 0 {
		r.replayed = now.last
	}
	name := "rivulet-" + nuid.Next()
	p, err := r.pull(name, r.batch, r.idle)
	if err != nil {
		return err
	}
	r.consumers = append(r.consumers, name)
	defer func() { r.leftover = join(p.close(), r.deleteConsumers(ctx)) }()
	if err := r.create(begin, name); err != nil {
		return err
	}
	// The stream may have been created again since the look. Then so it was before this look, or the consumer is gone.
	if now, err = r.look(begin); err != nil {
		return err
	}
	if now.incarnation != r.incarnation {
		return errOutOfStep
	}
	r.attempts.Opened()
	return r.follow(ctx, p, missingCounts(now.config, r.subjects), deliver)
}

// deleteConsumers deletes the consumers of the run. One that cannot be reached is deleted later, at the latest by the
// server.
func (r *reader) deleteConsumers(ctx context.Context) error {
	ctx = context.WithoutCancel(ctx)
	for len(r.consumers) > 0 {
		gone, err := r.deleteConsumer(ctx, r.consumers[0])
		if !gone {
			return err
		}
		r.consumers = r.consumers[1:]
	}
	return nil
}

// create creates a consumer. It waits for the answer even if ctx is done: the server may process requests in another
// order, and a consumer that is created after its deletion would be left.
func (r *reader) create(ctx context.Context, name string) error {
	config := jetstream.ConsumerConfig{
		Name:              name,
		AckPolicy:         jetstream.AckNonePolicy,
		InactiveThreshold: inactive,
		MemoryStorage:     true,
		Replicas:          1,
	}
	r.apply(&config, r.start)
	filter(&config, r.subjects)
	return r.request(context.WithoutCancel(ctx), "creating a consumer", func(ctx context.Context) error {
		_, err := r.js.CreateConsumer(ctx, r.name, config)
		return err
	})
}

// missingCounts reports whether a missing sequence can mean that the stream removed a message before it was read.
func missingCounts(config jetstream.StreamConfig, subjects []string) bool {
	return len(subjects) == 0 && config.MaxMsgsPerSubject <= 0
}

// follow delivers the messages of a consumer. They must be numbered without a gap by the consumer: the server does not
// send again what a lost connection swallowed.
func (r *reader) follow(
	ctx context.Context, p *puller, checked bool, deliver func(*nats.Msg, *nats.MsgMetadata) error,
) error {
	for delivered := uint64(1); ; {
		m, err := p.next(ctx)
		if err != nil {
			return err
		}
		if m == nil {
			continue
		}
		meta, err := m.Metadata()
		if err != nil {
			return fmt.Errorf("rivulet: durable: a message without metadata: %w", err)
		}
		if meta.Sequence.Consumer != delivered {
			return errOutOfStep
		}
		delivered++
		seq := meta.Sequence.Stream
		if checked && r.next != 0 && seq > max(r.next, r.replayed) {
			if err := r.missed(ctx); err != nil {
				return err
			}
		}
		r.next = seq + 1
		if err := deliver(m, meta); err != nil {
			return err
		}
	}
}

// missed checks whether the next message was removed before it was read. A message that was deleted individually is no
// gap.
func (r *reader) missed(ctx context.Context) error {
	now, err := r.look(ctx)
	if err != nil {
		return err
	}
	if now.incarnation != r.incarnation {
		return errOutOfStep // the next attempt finds out
	}
	return r.check(now)
}
