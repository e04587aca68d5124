package durable

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/rivulet-go/rivulet/internal/connect"
	"github.com/rivulet-go/rivulet/observable"
)

// floorInterval is how often a run asks for the first message that is not acknowledged. If the consumer is lost, at most
// the jobs of that time are delivered again.
const floorInterval = 500 * time.Millisecond

// Work emits messages of a stream as jobs. All runs with the same name of the worker, in any number of processes, share
// the jobs: each job goes to one of them. A job must be acknowledged, see [Job] and [WithAckOnEmit]. Each job is
// delivered at least once: a job that is not acknowledged in time is delivered again. Work never completes.
//
// The worker is a durable consumer on the server, with the options of the run that creates it. A later run updates
// subjects, [WithAckWait], [WithMaxAckPending] and [WithMaxDeliver], but the start option holds for the first run only.
// The consumer stays on the server when the run returns.
//
// If the consumer is deleted, the first run that notices creates it again. The new consumer starts with the first message
// that was not acknowledged half a second before the loss. So no job is lost, and some are delivered again.
// If the stream was created again, Work fails with a [*GapError], unless [WithOnGap] handles that. It then starts with
// the first message, and acknowledging earlier jobs fails with [ErrStaleJob]. It fails with other errors like [From].
//
// Work runs on the subscriber's goroutine. It starts one more while it waits for the answer to a request. It buffers up
// to 100 jobs ([WithBatch]). While emit blocks, it asks for no more. When the run returns, buffered jobs are returned to
// the server.
func Work[T any](nc *nats.Conn, stream, worker string, opts ...WorkOption) observable.Observable[*Job[T]] {
	if nc == nil || stream == "" || worker == "" {
		panic("durable.Work: nil nc or empty stream or worker")
	}
	s := newSettings(defaultWorkBatch)
	for i, opt := range opts {
		notNil("durable.Work", fmt.Sprintf("option %d", i+1), opt == nil)
		opt.work(s)
	}
	s.settled()
	return func(ctx context.Context, emit func(*Job[T]) bool) error {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		w, err := newWorker(nc, stream, worker, s)
		if err != nil {
			return err
		}
		defer w.close()
		messages := newMessages[T](s, w.place)
		return w.run(ctx, func(m *nats.Msg, meta *nats.MsgMetadata) error {
			job := &Job[T]{Deliveries: int(meta.NumDelivered), msg: m, stale: w.stale}
			var err error
			if job.Message, err = messages.of(m, meta); err != nil {
				if err := messages.failed(err); err != nil {
					return err
				}
				return job.Term()
			}
			taken := emit(job)
			switch {
			case taken && w.ackOnEmit:
				return job.Ack()
			case w.ackOnEmit:
				w.leftover = job.Nak(0)
			}
			if !taken {
				return errDone
			}
			return nil
		})
	}
}

// worker is a run of Work, without the type of the data.
type worker struct {
	*settings
	*place
	name     string
	attempts *connect.Attempts
	stale    *atomic.Bool // for the jobs of this incarnation
	asked    time.Time    // when the floor was asked for
	leftover error        // of cleaning up after the latest attempt
}

func newWorker(nc *nats.Conn, stream, name string, s *settings) (*worker, error) {
	opened, err := openStream(nc, stream)
	if err != nil {
		return nil, err
	}
	return &worker{
		settings: s,
		place:    &place{stream: opened, onGap: s.onGap},
		name:     name,
		attempts: connect.New("durable worker", stream+"/"+name, s.Config),
		stale:    new(atomic.Bool),
	}, nil
}

func (w *worker) run(ctx context.Context, deliver func(*nats.Msg, *nats.MsgMetadata) error) error {
	err := w.attempts.Run(ctx, func(ctx context.Context) error {
		return ended(w.attempt(ctx, deliver))
	})
	return join(err, w.leftover)
}

// attempt finds or makes the consumer and delivers its jobs until something fails.
func (w *worker) attempt(ctx context.Context, deliver func(*nats.Msg, *nats.MsgMetadata) error) error {
	w.leftover = nil
	begin, cancel := opening(ctx, w.connectTimeout)
	defer cancel()
	if err := w.connected(begin); err != nil {
		return err
	}
	now, err := w.look(begin)
	if err != nil {
		return err
	}
	if err := w.recognize(now); err != nil {
		return err
	}
	if err := w.consumer(begin, now); err != nil {
		return err
	}
	// The stream may have been created again since the look.
	if now, err = w.look(begin); err != nil {
		return err
	}
	if now.incarnation != w.incarnation {
		return errOutOfStep
	}
	p, err := w.pull(w.name, w.batch, w.idle)
	if err != nil {
		return err
	}
	defer func() { w.leftover = join(w.leftover, w.giveBack(ctx, p)) }()
	w.attempts.Opened()
	return w.follow(ctx, p, deliver)
}

// recognize compares the incarnation with that of the stream. It does not look for missing messages, which matter only to
// a consumer that is created again.
func (w *worker) recognize(now sight) error {
	if w.incarnation == "" || w.incarnation == now.incarnation {
		w.incarnation = now.incarnation
		return nil
	}
	w.stale.Store(true)
	w.stale = new(atomic.Bool)
	return w.check(now)
}

// consumer makes sure that the consumer exists and has the settings of this run.
func (w *worker) consumer(ctx context.Context, now sight) error {
	return w.request(ctx, "preparing the consumer", func(ctx context.Context) error {
		found, err := w.js.Consumer(ctx, w.stream.name, w.name)
		if errors.Is(err, jetstream.ErrConsumerNotFound) {
			return w.create(ctx, now)
		}
		if err != nil {
			return err
		}
		w.noteFloor(found.CachedInfo())
		config := found.CachedInfo().Config
		if wanted := w.configure(config); !same(config, wanted) {
			_, err = w.js.UpdateConsumer(ctx, w.stream.name, wanted)
		}
		return err
	})
}

// create creates the consumer. It starts with the first message that is not acknowledged, if that is known.
func (w *worker) create(ctx context.Context, now sight) error {
	config := jetstream.ConsumerConfig{Durable: w.name, AckPolicy: jetstream.AckExplicitPolicy}
	if now.config.Retention == jetstream.LimitsPolicy { // else the stream removes what is acknowledged, and no more
		if err := w.resume(now, w.start); err != nil {
			return err
		}
		w.apply(&config, w.start)
	}
	config = w.configure(config)
	_, err := w.js.CreateConsumer(ctx, w.stream.name, config)
	if errors.Is(err, jetstream.ErrConsumerExists) {
		return nil // another process was faster
	}
	return err
}

// configure returns config with the settings of the run that may change.
func (w *worker) configure(config jetstream.ConsumerConfig) jetstream.ConsumerConfig {
	config.AckWait = w.ackWait
	config.MaxAckPending = w.maxAckPending
	config.MaxDeliver = w.maxDeliver
	config.FilterSubject, config.FilterSubjects = "", nil
	filter(&config, w.subjects)
	return config
}

func same(a, b jetstream.ConsumerConfig) bool {
	return a.AckWait == b.AckWait && a.MaxAckPending == b.MaxAckPending && a.MaxDeliver == b.MaxDeliver &&
		a.FilterSubject == b.FilterSubject && slices.Equal(a.FilterSubjects, b.FilterSubjects)
}

func (w *worker) follow(ctx context.Context, p *puller, deliver func(*nats.Msg, *nats.MsgMetadata) error) error {
	for {
		m, err := p.next(ctx)
		if err != nil {
			return err
		}
		if time.Since(w.asked) > floorInterval {
			if err := w.askFloor(ctx); err != nil {
				return join(err, nak(m))
			}
		}
		if m == nil {
			continue
		}
		meta, err := m.Metadata()
		if err != nil {
			return fmt.Errorf("rivulet: durable: a message without metadata: %w", err)
		}
		if err := deliver(m, meta); err != nil {
			return err
		}
	}
}

// askFloor asks the server for the last message before the first one that is not acknowledged.
func (w *worker) askFloor(ctx context.Context) error {
	return w.request(ctx, "looking at the consumer", func(ctx context.Context) error {
		consumer, err := w.js.Consumer(ctx, w.stream.name, w.name)
		if err == nil {
			w.noteFloor(consumer.CachedInfo())
		}
		return err
	})
}

func (w *worker) noteFloor(info *jetstream.ConsumerInfo) {
	w.asked = time.Now()
	w.next = max(w.next, info.AckFloor.Stream+1)
}

// giveBack ends the subscription and returns the jobs that were not emitted to the server.
func (w *worker) giveBack(ctx context.Context, p *puller) error {
	err := p.close()
	for {
		select {
		case m := <-p.arrived:
			err = join(err, nak(m))
		default:
			return join(err, w.flush(ctx))
		}
	}
}

// nak returns a job to the server, if m is one.
func nak(m *nats.Msg) error {
	if m == nil || status(m) != "" {
		return nil
	}
	if err := m.Nak(); err != nil && !errors.Is(err, nats.ErrConnectionClosed) {
		return fmt.Errorf("rivulet: durable: returning a job: %w", err)
	}
	return nil
}

// flush waits until the server has got what was sent, if there is a connection.
func (s *stream) flush(ctx context.Context) error {
	if !s.nc.IsConnected() {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), cleanUpTimeout)
	defer cancel()
	if err := s.nc.FlushWithContext(ctx); err != nil && s.nc.IsConnected() {
		return fmt.Errorf("rivulet: durable: stream %q: flushing: %w", s.name, err)
	}
	return nil
}
