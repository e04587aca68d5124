package durable

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/rivulet-go/rivulet/internal/connect"
	"github.com/rivulet-go/rivulet/retry"
	"github.com/rivulet-go/rivulet/source"
)

// FromOption is an option of [From] and [History].
type FromOption interface{ from(*settings) }

// WorkOption is an option of [Work].
type WorkOption interface{ work(*settings) }

// PublishOption is an option of [Publish].
type PublishOption interface{ publish(*settings) }

// ReadOption is an option of [From], [History] and [Work].
type ReadOption interface {
	FromOption
	WorkOption
}

// Option is an option of all functions that run a stream. If an option is given more than once, the last one wins,
// except for hooks, which are all called in order. Hooks run on the goroutine of the run, which waits for them.
type Option interface {
	ReadOption
	PublishOption
}

type (
	option        func(*settings)
	readOption    func(*settings)
	workOption    func(*settings)
	publishOption func(*settings)
)

func (o option) from(s *settings)           { o(s) }
func (o option) work(s *settings)           { o(s) }
func (o option) publish(s *settings)        { o(s) }
func (o readOption) from(s *settings)       { o(s) }
func (o readOption) work(s *settings)       { o(s) }
func (o workOption) work(s *settings)       { o(s) }
func (o publishOption) publish(s *settings) { o(s) }

type settings struct {
	connect.Config
	connectTimeout time.Duration

	subjects     []string
	start        start
	decode       func(data []byte, v any) error
	onParseError []func(*ParseError)
	onGap        []func(*GapError)
	batch        int
	idle         time.Duration

	ackWait       time.Duration
	maxAckPending int
	maxDeliver    int
	ackOnEmit     bool

	messageID  any // a func(T) string; nil: numbers of the run
	encode     func(v any) ([]byte, error)
	inFlight   int
	ackTimeout time.Duration
	single     bool // the run is the only writer
	expected   uint64
}

// start is where a reader begins.
type start struct {
	policy jetstream.DeliverPolicy
	seq    uint64
	time   time.Time
	tail   uint64 // how many sequences before the end, if it is not 0
	cursor string // if it is not empty, it replaces all others
}

const (
	defaultConnectTimeout = 30 * time.Second
	defaultIdleTimeout    = 10 * time.Second
	defaultFromBatch      = 500
	defaultWorkBatch      = 100
	defaultAckWait        = 30 * time.Second
	defaultMaxAckPending  = 1000
	defaultInFlight       = 256
	defaultAckTimeout     = 5 * time.Second
)

// defaultPolicy retries sooner than the one of a client across the internet.
var defaultPolicy = retry.Policy{InitialDelay: 100 * time.Millisecond, MaxDelay: 5 * time.Second}

func newSettings(batch int) *settings {
	s := &settings{
		connectTimeout: defaultConnectTimeout,
		decode:         json.Unmarshal,
		batch:          batch,
		idle:           defaultIdleTimeout,
		ackWait:        defaultAckWait,
		maxAckPending:  defaultMaxAckPending,
		maxDeliver:     -1,
		encode:         json.Marshal,
		inFlight:       defaultInFlight,
		ackTimeout:     defaultAckTimeout,
	}
	s.Policy = defaultPolicy
	return s
}

// settled returns s when all options are applied.
func (s *settings) settled() *settings {
	retryable := s.Policy.Retryable
	if retryable == nil {
		retryable = Retryable
	}
	s.Policy.Retryable = func(err error) bool { return !final(err) && retryable(err) }
	return s
}

// WithRetry sets how a lost connection, consumer or stream is retried. Errors of the types [*GapError], [*ParseError]
// and [*CursorError] are never retried.
// Default: retry.Policy{InitialDelay: 100ms, MaxDelay: 5s, Retryable: durable.Retryable}.
func WithRetry(policy retry.Policy) Option {
	policy.Check("durable.WithRetry")
	return option(func(s *settings) { s.Policy = policy })
}

// WithOnRetry calls hook before each wait for another attempt, with the reason, the number of attempts that have
// failed in a row, and the delay.
func WithOnRetry(hook func(err error, attempt int, delay time.Duration)) Option {
	notNil("durable.WithOnRetry", "hook", hook == nil)
	return option(func(s *settings) { s.OnRetry = append(s.OnRetry, hook) })
}

// WithOnStateChange calls hook at every change of state: [source.Connecting] when the run begins and after a loss,
// [source.Open] when messages flow, [source.Closed] when the run is about to return.
func WithOnStateChange(hook func(source.State)) Option {
	notNil("durable.WithOnStateChange", "hook", hook == nil)
	return option(func(s *settings) {
		s.OnState = append(s.OnState, func(state connect.State) { hook(source.State(state)) })
	})
}

// WithLogger sets the logger for lost connections. Default: [slog.Default] at the time.
func WithLogger(logger *slog.Logger) Option {
	notNil("durable.WithLogger", "logger", logger == nil)
	return option(func(s *settings) { s.Logger = logger })
}

// WithConnectTimeout limits the time of an attempt until messages flow. The wait for the connection to come back counts.
// An attempt that takes longer fails with [ErrConnectTimeout]. Default: 30s.
func WithConnectTimeout(d time.Duration) Option {
	positive("durable.WithConnectTimeout", "d", d)
	return option(func(s *settings) { s.connectTimeout = d })
}

// WithOnGap calls hook instead of failing with the [*GapError], and continues. If the stream was created again or its
// limits removed messages, the reader continues with the first message that the stream has. If the stream lost its
// last messages, the reader continues with the next message that is stored.
func WithOnGap(hook func(*GapError)) Option {
	notNil("durable.WithOnGap", "hook", hook == nil)
	return option(func(s *settings) { s.onGap = append(s.onGap, hook) })
}

// WithSubjects emits only messages on these subjects, which may have wildcards. The server filters. Default: all.
func WithSubjects(subjects ...string) ReadOption {
	return readOption(func(s *settings) { s.subjects = append([]string(nil), subjects...) })
}

// WithStartSequence starts with the message of this sequence, at least 1. Without it and the other WithStart options, a
// reader starts with the first message that the stream has.
func WithStartSequence(seq uint64) ReadOption {
	if seq == 0 {
		panic("durable.WithStartSequence: seq is 0, it must be positive")
	}
	return readOption(func(s *settings) { s.start = start{policy: jetstream.DeliverByStartSequencePolicy, seq: seq} })
}

// WithStartTime starts with the first message that was stored at this time or later.
func WithStartTime(t time.Time) ReadOption {
	return readOption(func(s *settings) { s.start = start{policy: jetstream.DeliverByStartTimePolicy, time: t} })
}

// WithStartTail starts with the last n messages of the stream, or fewer if it has no more. n counts the messages of all
// subjects.
func WithStartTail(n int) ReadOption {
	positive("durable.WithStartTail", "n", n)
	return readOption(func(s *settings) { s.start = start{tail: uint64(n)} })
}

// WithStartNew starts with the first message that is stored after the run began.
func WithStartNew() ReadOption {
	return readOption(func(s *settings) { s.start = start{policy: jetstream.DeliverNewPolicy} })
}

// WithStartLast starts with the last message of each subject and continues with all messages that follow. If the
// connection is lost before the last messages are all read, the reader resumes with every message that follows, so
// that some subjects have more than one.
func WithStartLast() ReadOption {
	return readOption(func(s *settings) { s.start = start{policy: jetstream.DeliverLastPerSubjectPolicy} })
}

// WithCursor starts after the message with this cursor, see [Message.Cursor]. An empty cursor means the first message
// that the stream has. A text that is not a cursor fails the run with a [*CursorError].
func WithCursor(cursor string) ReadOption {
	return readOption(func(s *settings) { s.start = start{cursor: cursor} })
}

// WithDecoder decodes data with unmarshal if T is neither string nor []byte. v is a *T. Default: [json.Unmarshal].
func WithDecoder(unmarshal func(data []byte, v any) error) ReadOption {
	notNil("durable.WithDecoder", "unmarshal", unmarshal == nil)
	return readOption(func(s *settings) { s.decode = unmarshal })
}

// WithOnParseError calls hook with every message that cannot be decoded, and continues without the message. [Work]
// terminates the message, so that the server does not deliver it again. Without the option such a message fails the
// run.
func WithOnParseError(hook func(*ParseError)) ReadOption {
	notNil("durable.WithOnParseError", "hook", hook == nil)
	return readOption(func(s *settings) { s.onParseError = append(s.onParseError, hook) })
}

// WithBatch sets how many messages the reader asks for at a time. It buffers no more than that. When half of them are
// used up, it asks for more. Default: 500 for [From], 100 for [Work].
func WithBatch(n int) ReadOption {
	positive("durable.WithBatch", "n", n)
	return readOption(func(s *settings) { s.batch = n })
}

// WithIdleTimeout ends an attempt with [ErrIdleTimeout] when the server has sent nothing for d, not even a heartbeat.
// The server sends a heartbeat after half of d. At least 200ms. Default: 10s.
func WithIdleTimeout(d time.Duration) ReadOption {
	if d < 200*time.Millisecond {
		panic(fmt.Sprintf("durable.WithIdleTimeout: d is %v, it must be at least 200ms", d))
	}
	return readOption(func(s *settings) { s.idle = d })
}

// WithAckWait sets how long the server waits for an acknowledgement before it delivers a job again. The time includes
// the wait in the buffer of [WithBatch]. Default: 30s.
func WithAckWait(d time.Duration) WorkOption {
	positive("durable.WithAckWait", "d", d)
	return workOption(func(s *settings) { s.ackWait = d })
}

// WithMaxAckPending limits how many jobs of the worker may be delivered and not acknowledged, over all processes.
// Default: 1000.
func WithMaxAckPending(n int) WorkOption {
	positive("durable.WithMaxAckPending", "n", n)
	return workOption(func(s *settings) { s.maxAckPending = n })
}

// WithMaxDeliver limits how often the server delivers a job. Default: no limit.
func WithMaxDeliver(n int) WorkOption {
	positive("durable.WithMaxDeliver", "n", n)
	return workOption(func(s *settings) { s.maxDeliver = n })
}

// WithAckOnEmit acknowledges each job when emit has returned true for it, and returns it to the server at once when
// emit has returned false. So a job counts as done when all stages after [Work] have returned.
//
// That is too early if a later stage keeps the job: operators that hand items to another goroutine or collect them,
// such as ParallelMap, FlatMap, ObserveOn, Merge, Debounce and all Buffer operators, return before the work is done. A
// crash then loses jobs. Use [Job.Ack] in such a chain.
func WithAckOnEmit() WorkOption {
	return workOption(func(s *settings) { s.ackOnEmit = true })
}

// WithMessageID sets the ID by which the server recognizes a message that was stored before. The ID must be unique
// within the stream's duplicates window. Default: a random prefix of the run and a number, which recognizes what the
// same run sends again.
func WithMessageID[T any](id func(T) string) PublishOption {
	notNil("durable.WithMessageID", "id", id == nil)
	return publishOption(func(s *settings) { s.messageID = id })
}

// WithEncoder encodes items with marshal if T is neither string nor []byte. Default: [json.Marshal].
func WithEncoder(marshal func(v any) ([]byte, error)) PublishOption {
	notNil("durable.WithEncoder", "marshal", marshal == nil)
	return publishOption(func(s *settings) { s.encode = marshal })
}

// WithInFlight sets how many messages may be sent and not yet acknowledged. Default: 256.
func WithInFlight(n int) PublishOption {
	positive("durable.WithInFlight", "n", n)
	return publishOption(func(s *settings) { s.inFlight = n })
}

// WithAckTimeout sets how long [Publish] waits for an acknowledgement before it sends the message again. Default: 5s.
func WithAckTimeout(d time.Duration) PublishOption {
	positive("durable.WithAckTimeout", "d", d)
	return publishOption(func(s *settings) { s.ackTimeout = d })
}

// WithExpectLastSequence makes [Publish] the only writer of the stream: the server stores the first message only if
// the last sequence of the stream is seq, and each further message only directly after the one before. The order is
// then certain whatever fails, and an outage may be longer than the duplicates window. If another writer stores a
// message, the run fails with [ErrOtherWriter].
func WithExpectLastSequence(seq uint64) PublishOption {
	return publishOption(func(s *settings) { s.single, s.expected = true, seq })
}

func notNil(function, name string, isNil bool) {
	if isNil {
		panic(fmt.Sprintf("%s: nil %s", function, name))
	}
}

func positive[N int | time.Duration](function, name string, n N) {
	if n <= 0 {
		panic(fmt.Sprintf("%s: %s is %v, it must be positive", function, name, n))
	}
}
