package durable

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/nats-io/nuid"

	"github.com/rivulet-go/rivulet/internal/connect"
	"github.com/rivulet-go/rivulet/observable"
)

// Ack is the acknowledgement of one item that is stored.
type Ack[T any] struct {
	Item        T
	Incarnation string // of the stream
	Seq         uint64 // the item's sequence in the stream
	Duplicate   bool   // the stream had a message with this ID already
	Late        bool   // an item that src emitted later has a lower sequence
}

// Cursor returns the position of the item, like [Message.Cursor].
func (a Ack[T]) Cursor() string { return cursor(a.Incarnation, a.Seq) }

// Publish stores the items of src in a stream, on the subject that subject returns for each, and emits their
// acknowledgements in the order of the items. It completes when src has completed and all items are stored. If src
// fails, it stores what src has emitted and fails with that error.
//
// A T that is string or []byte is stored as it is. Other types are encoded as JSON, see [WithEncoder]. Each message has
// an ID, see [WithMessageID], by which the server recognizes what it has stored already.
//
// Up to 256 messages ([WithInFlight]) are sent and not acknowledged. When the first one fails, Publish sends no more,
// waits for the others, and then sends again in order, from the first that is not stored. If the connection is lost, it
// waits until it is back, see [WithRetry]. So each item is stored once, and items are stored in order, unless the
// server refuses one item and takes the next, or a message is written to the connection at the very moment at which it
// breaks. [Ack.Late] reports that. [WithExpectLastSequence] rules it out for the only writer of a stream.
//
// It fails with
//   - [ErrDuplicateWindow]: an outage was longer than the stream's duplicates window,
//   - [ErrOtherWriter]: see [WithExpectLastSequence],
//   - [*GapError]: the stream was created again or lost messages that it had acknowledged, unless [WithOnGap] handles that,
//   - [*EncodeError]: an item that cannot be encoded,
//   - the error of the attempt, if the policy does not retry it, or a [*retry.Error] after too many attempts.
//
// Publish starts one goroutine, which runs src, and one more while it waits for the answer to a request. It buffers up to
// 512 items: 256 in flight and 256 that wait. If it is stopped or canceled, items in flight may be stored or not.
func Publish[T any](
	src observable.Observable[T], nc *nats.Conn, stream string, subject func(T) string, opts ...PublishOption,
) observable.Observable[Ack[T]] {
	if src == nil || nc == nil || stream == "" || subject == nil {
		panic("durable.Publish: nil src, nc or subject, or empty stream")
	}
	s := newSettings(0)
	for i, opt := range opts {
		notNil("durable.Publish", fmt.Sprintf("option %d", i+1), opt == nil)
		opt.publish(s)
	}
	s.settled()
	id, ok := s.messageID.(func(T) string)
	if !ok && s.messageID != nil {
		panic(fmt.Sprintf("durable.Publish: WithMessageID has a %T, not a %T", s.messageID, id))
	}
	return func(ctx context.Context, emit func(Ack[T]) bool) error {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		opened, err := openStream(nc, stream)
		if err != nil {
			return err
		}
		defer opened.close()
		p := &publisher[T]{
			settings: s,
			place:    &place{stream: opened, onGap: s.onGap},
			subject:  subject,
			id:       id,
			emit:     emit,
			attempts: connect.New("durable publisher", stream, s.Config),
			timer:    time.NewTimer(s.ackTimeout),
		}
		if s.single {
			p.next = s.expected + 1
		}
		if p.id == nil {
			p.id = numbered[T]()
		}
		return p.run(ctx, src)
	}
}

// numbered returns message IDs that no other run has.
func numbered[T any]() func(T) string {
	prefix, n := nuid.Next()+"-", 0
	return func(T) string {
		n++
		return prefix + strconv.Itoa(n)
	}
}

// publisher is a run of Publish.
type publisher[T any] struct {
	*settings
	*place   // next is the sequence after the highest acknowledged one
	subject  func(T) string
	id       func(T) string
	emit     func(Ack[T]) bool
	attempts *connect.Attempts
	timer    *time.Timer
	leftover error // of cleaning up after the latest attempt

	items    chan T
	source   *observable.Subscription
	ended    <-chan struct{} // nil when all items of the source were taken
	complete bool            // and all are stored and emitted

	window  []*outgoing[T] // what was taken and is not emitted, in order
	emitted uint64         // how many items were emitted: the number of the first in window
	full    bool           // window was full, and is not half empty yet
	early   int            // how many of window are acknowledged and wait for those before them
	waiting int            // how many were sent in this attempt and are not answered

	prefix  string // of the replies of this attempt
	replies chan *nats.Msg
	failure error // the first one of this attempt
}

// outgoing is an item on its way.
type outgoing[T any] struct {
	ack   Ack[T]
	msg   *nats.Msg
	first time.Time // when it was sent for the first time
	sent  time.Time // when it was sent last
	acked bool
}

func (p *publisher[T]) run(ctx context.Context, src observable.Observable[T]) error {
	defer p.timer.Stop()
	p.items = make(chan T, p.inFlight)
	stop := make(chan struct{})
	p.source = src.Subscribe(ctx, observable.Observer[T]{
		Next: func(v T) {
			select {
			case p.items <- v:
			case <-stop:
			}
		},
		Error: func(error) {}, // Wait returns it
	})
	p.ended = p.source.Done()
	err := join(p.attempts.Run(ctx, p.attempt), p.leftover)
	return join(err, p.endSource(ctx, stop))
}

// endSource stops the source and returns its error, apart from the cause of ctx.
func (p *publisher[T]) endSource(ctx context.Context, stop chan struct{}) error {
	over := false
	select {
	case <-p.source.Done():
		over = true
	default:
	}
	p.source.Dispose()
	close(stop)
	err := p.source.Wait()
	switch {
	case over && !p.complete: // the run has ended before it came to that
		return nil
	case ctx.Err() != nil && err == context.Cause(ctx):
		return nil
	default:
		return err
	}
}

// attempt sends what is not acknowledged, and what the source emits, until something fails.
func (p *publisher[T]) attempt(ctx context.Context) error {
	begin, cancel := opening(ctx, p.connectTimeout)
	defer cancel()
	if err := p.connected(begin); err != nil {
		return err
	}
	now, err := p.look(begin)
	if err != nil {
		return err
	}
	if err := p.reconcile(begin, now); err != nil {
		return err
	}
	p.prefix = p.nc.NewInbox() + "."
	p.replies = make(chan *nats.Msg, p.inFlight) // one for each message, so that none is dropped
	sub, err := p.nc.ChanSubscribe(p.prefix+"*", p.replies)
	if err != nil {
		return fmt.Errorf("rivulet: durable: subscribing to acknowledgements: %w", err)
	}
	p.failure, p.waiting = nil, 0
	p.attempts.Opened()
	err = p.follow(ctx)
	p.leftover = p.endReplies(ctx, sub)
	return ended(err)
}

// endReplies ends the subscription and notes the acknowledgements that have arrived.
func (p *publisher[T]) endReplies(ctx context.Context, sub *nats.Subscription) error {
	err := sub.Unsubscribe()
	if p.nc.IsClosed() {
		err = nil
	}
	for len(p.replies) > 0 {
		p.answered(<-p.replies)
	}
	return join(err, p.flush(ctx))
}

// reconcile compares what was acknowledged with what the stream has, and makes sure that sending again is safe.
func (p *publisher[T]) reconcile(ctx context.Context, now sight) error {
	recreated := p.incarnation != "" && p.incarnation != now.incarnation
	p.incarnation = now.incarnation
	if recreated || !p.single && p.next > now.last+1 {
		gap := &GapError{First: now.first, Last: now.last, Recreated: recreated}
		if err := p.skip(gap, now.last+1); err != nil {
			return err
		}
	}
	if p.single {
		return p.findStored(ctx, now)
	}
	for _, out := range p.window {
		if !out.acked && !out.first.IsZero() && time.Since(out.first) >= now.config.Duplicates {
			return fmt.Errorf("%w, which is %v", ErrDuplicateWindow, now.config.Duplicates)
		}
	}
	return nil
}

// findStored marks what the stream has stored without an acknowledgement that arrived. The run is the only writer, and
// the server stores each message directly after the one before: so these are the first ones, if the last one is ours.
// Acknowledgements arrive in order too: those that have arrived and are not emitted are before them in the window.
func (p *publisher[T]) findStored(ctx context.Context, now sight) error {
	open := p.window[p.early:]
	if now.last+1 == p.next || len(open) == 0 {
		return nil
	}
	stored := now.last + 1 - p.next
	if now.last+1 < p.next || stored > uint64(len(open)) {
		return ErrOtherWriter
	}
	var last *jetstream.RawStreamMsg
	err := p.request(ctx, "looking at its last message", func(ctx context.Context) error {
		handle, err := p.js.Stream(ctx, p.name)
		if err == nil {
			last, err = handle.GetMsg(ctx, now.last)
		}
		return err
	})
	if err != nil {
		return err
	}
	if last.Header.Get(jetstream.MsgIDHeader) != open[stored-1].msg.Header.Get(jetstream.MsgIDHeader) {
		return ErrOtherWriter
	}
	for _, out := range open[:stored] {
		p.acked(out, reply{Seq: p.next})
	}
	return nil
}

// follow sends what the window holds, takes items, sends them, and emits acknowledgements. After a failure it only waits
// for what is in flight.
func (p *publisher[T]) follow(ctx context.Context) error {
	if err := p.deliver(); err != nil {
		return err
	}
	for i := range p.window {
		p.send(i)
	}
	p.timer.Reset(p.ackTimeout)
	if p.lost {
		p.fail(errDisconnected)
	}
	for {
		if err := p.deliver(); err != nil {
			return err
		}
		switch {
		case ctx.Err() != nil:
			return context.Cause(ctx)
		case p.failure != nil && (p.waiting == 0 || !p.nc.IsConnected()):
			return p.failure
		case p.ended == nil && len(p.window) == 0:
			p.complete = true
			return nil
		}
		if err := p.step(ctx); err != nil {
			return err
		}
	}
}

// deliver emits the acknowledgements that are next in order.
func (p *publisher[T]) deliver() error {
	for len(p.window) > 0 && p.window[0].acked {
		ack := p.window[0].ack
		p.window[0] = nil
		p.window = p.window[1:]
		p.emitted++
		p.early--
		if !p.emit(ack) {
			return errDone
		}
	}
	return nil
}

// step waits for one event.
func (p *publisher[T]) step(ctx context.Context) error {
	select { // the frequent cases alone: a select of one case costs little
	case m := <-p.replies:
		p.answered(m)
		return nil
	default:
	}
	items, ended := p.items, p.ended
	if !p.accepts() {
		items, ended = nil, nil
	}
	select {
	case m := <-p.replies:
		p.answered(m)
	case v := <-items:
		p.take(v)
	case <-ended:
		p.takeRest()
	case status := <-p.changes:
		if status != nats.CONNECTED || len(p.changes) > 0 {
			p.fail(errDisconnected)
			return p.failure
		}
	case <-p.timer.C:
		return p.overdue()
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	return nil
}

// accepts reports whether more items are sent. When the window is full, it must be half empty first: messages that are
// sent together cost less than one by one.
func (p *publisher[T]) accepts() bool {
	switch {
	case len(p.window) >= p.inFlight:
		p.full = true
	case len(p.window) <= p.inFlight/2:
		p.full = false
	}
	return !p.full && p.failure == nil && p.ended != nil
}

// fail notes the first failure of the attempt. From then on nothing is sent.
func (p *publisher[T]) fail(err error) {
	if p.failure == nil {
		p.failure = err
		p.timer.Reset(p.ackTimeout)
	}
}

// overdue fails the attempt when the oldest message in flight is not answered in time, and ends it when those in flight
// after a failure are not either.
func (p *publisher[T]) overdue() error {
	if p.failure != nil {
		return p.failure
	}
	left := p.ackTimeout
	if p.waiting > 0 {
		left -= time.Since(p.window[0].sent) // the first of the window is not acknowledged, see deliver
	}
	if left <= 0 {
		p.fail(ErrAckTimeout)
		return nil
	}
	p.timer.Reset(left)
	return nil
}

// take sends an item of the source.
func (p *publisher[T]) take(v T) {
	data, err := encode(p.encode, v)
	if err != nil {
		p.fail(&EncodeError{Err: err})
		return
	}
	msg := &nats.Msg{Subject: p.subject(v), Data: data, Header: nats.Header{
		jetstream.MsgIDHeader:          {p.id(v)},
		jetstream.ExpectedStreamHeader: {p.name},
	}}
	p.window = append(p.window, &outgoing[T]{ack: Ack[T]{Item: v}, msg: msg})
	p.send(len(p.window) - 1)
}

// takeRest takes an item that the source emitted before it ended, or notes that there is none.
func (p *publisher[T]) takeRest() {
	select {
	case v := <-p.items:
		p.take(v)
	default:
		p.ended = nil
	}
}

// send sends a message of the window, unless it is acknowledged or something has failed. While the connection is lost
// it sends nothing: the client would send the message later, though those before it are lost.
func (p *publisher[T]) send(i int) {
	out := p.window[i]
	switch {
	case out.acked || p.failure != nil:
		return
	case !p.nc.IsConnected():
		p.fail(errDisconnected)
		return
	}
	out.msg.Reply = p.prefix + strconv.FormatUint(p.emitted+uint64(i), 10)
	if p.single {
		out.msg.Header[jetstream.ExpectedLastSeqHeader] = []string{strconv.FormatUint(p.next-1+uint64(i), 10)}
	}
	if err := p.nc.PublishMsg(out.msg); err != nil {
		p.fail(fmt.Errorf("rivulet: durable: publishing: %w", err))
		return
	}
	out.sent = time.Now()
	if out.first.IsZero() {
		out.first = out.sent
	}
	p.waiting++
}

// reply is the answer of the server to a message.
type reply struct {
	Stream    string              `json:"stream"`
	Seq       uint64              `json:"seq"`
	Duplicate bool                `json:"duplicate"`
	Error     *jetstream.APIError `json:"error"`
}

// answered notes an answer of the server.
func (p *publisher[T]) answered(m *nats.Msg) {
	number, err := strconv.ParseUint(m.Subject[len(p.prefix):], 10, 64)
	if i := number - p.emitted; err != nil || number < p.emitted || i >= uint64(len(p.window)) || p.window[i].acked {
		return
	}
	out := p.window[number-p.emitted]
	p.waiting--
	var r reply
	switch {
	case status(m) == "503":
		p.fail(fmt.Errorf("rivulet: durable: publishing: %w", nats.ErrNoResponders))
	case json.Unmarshal(m.Data, &r) != nil || r.Error == nil && r.Seq == 0:
		p.fail(fmt.Errorf("rivulet: durable: publishing: %w", jetstream.ErrInvalidJSAck))
	case r.Error != nil && p.single && r.Error.ErrorCode == wrongLastSequence:
		p.fail(errOutOfStep) // the next attempt finds out why
	case r.Error != nil:
		p.fail(fmt.Errorf("rivulet: durable: publishing: %w", r.Error))
	default:
		p.acked(out, r)
	}
}

// acked notes that a message is stored.
func (p *publisher[T]) acked(out *outgoing[T], r reply) {
	out.acked = true
	out.ack.Incarnation, out.ack.Seq, out.ack.Duplicate = p.incarnation, r.Seq, r.Duplicate
	p.next = max(p.next, r.Seq+1)
	if p.early > 0 {
		out.ack.Late = p.overtaken(out)
	}
	p.early++
}

// overtaken reports whether the stream has a later item of the window before this one.
func (p *publisher[T]) overtaken(out *outgoing[T]) bool {
	for i := len(p.window) - 1; p.window[i] != out; i-- {
		if p.window[i].acked && p.window[i].ack.Seq < out.ack.Seq {
			return true
		}
	}
	return false
}
