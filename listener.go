package rivulet

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/rivulet-go/rivulet/internal/must"
	"github.com/rivulet-go/rivulet/internal/queue"
	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/source"
)

// Handlers are the callbacks of a [Listener]. Any of them may be nil. They are called one after the other, never two at
// once, on a goroutine of the Listener. A panic in a handler is not recovered.
type Handlers[T any] struct {
	// OnOpen is called when a connection is open, also after an earlier one was lost. The body of the response is
	// empty.
	OnOpen func(*http.Response)
	// OnMessage is called for every event whose data was decoded into a T.
	OnMessage func(source.Event[T])
	// OnParseError is called for every event whose data could not be decoded. The stream continues. If OnParseError is
	// nil, the error is logged with [slog.Default].
	OnParseError func(*source.ParseError)
	// OnComment is called for every comment line.
	OnComment func(text string)
	// OnRetry is called when a connection was lost or could not be made, and another attempt follows after delay.
	// attempt is the number of attempts that have failed in a row, from 1.
	OnRetry func(err error, attempt int, delay time.Duration)
	// OnError is called once at the end of the stream, except after StopListening and Restart. State is Closed by then.
	// err is
	//   - the failure of the stream, if the Listener gives up,
	//   - [io.EOF], if the server has ended the stream for good or an option such as [source.WithDone] has,
	//   - the cause of the context of StartListening, if that is done.
	//
	// If OnError is nil, a failure is logged with [slog.Default].
	OnError func(err error)
}

// Listener follows a Server-Sent Events endpoint while it is started. A new Listener connects nothing.
//
// All methods may be called in any order, any number of times, from any goroutine, and from inside a handler. The
// exception is Wait, which would wait for the handler that calls it.
type Listener[T any] struct {
	url      string
	handlers Handlers[T]
	options  []source.Option
	events   *queue.Log[source.Event[T]]

	mu      sync.Mutex
	session *session // the latest, nil before the first start
}

// session is what happens between a start and a stop, an end or a restart.
type session struct {
	ctx          context.Context
	position     *source.Position // where the session resumes when it is restarted
	subscription *observable.Subscription
	state        atomic.Int32 // a source.State
	over         atomic.Bool  // stopped, complete or failed; its last handler may still run
}

// eventsCapacity is how many events are buffered for a subscriber of [Listener.Observable].
const eventsCapacity = 1024

// NewListener returns a Listener for the endpoint at url. The options are those of [source.FromEventSource].
//
// Every start begins a new session that remembers nothing of the one before, like a new EventSource in a browser. With
// [source.WithPosition] it resumes after the last event ID of the session before.
func NewListener[T any](url string, handlers Handlers[T], options ...source.Option) *Listener[T] {
	for _, option := range options {
		must.NotNil("rivulet.NewListener", option)
	}
	return &Listener[T]{
		url: url, handlers: handlers, options: options,
		events: queue.NewLog[source.Event[T]](queue.LogConfig{Capacity: eventsCapacity}),
	}
}

// Listen returns a Listener that was started with ctx. The error is that of [Listener.StartListening].
func Listen[T any](
	ctx context.Context, url string, handlers Handlers[T], options ...source.Option,
) (*Listener[T], error) {
	l := NewListener(url, handlers, options...)
	return l, l.StartListening(ctx)
}

// StartListening connects in a new goroutine and returns at once. It does nothing if the Listener is listening. When
// ctx is done, the session ends as after StopListening, but OnError is called. StartListening fails only if ctx is done
// already, with its cause; every other error is passed to OnError.
func (l *Listener[T]) StartListening(ctx context.Context) error {
	if err := context.Cause(ctx); err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.listening() {
		l.begin(&session{ctx: ctx, position: new(source.Position)})
	}
	return nil
}

// StopListening disconnects. It does not wait for a handler that runs at that moment: [Listener.Wait] does. No other
// handler is called.
func (l *Listener[T]) StopListening() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.stop()
}

// Restart drops the connection and connects again at once. It resumes after the last event ID and keeps the
// reconnection time that the server has set. It does nothing if the Listener is not listening.
func (l *Listener[T]) Restart() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.listening() {
		l.stop()
		l.begin(&session{ctx: l.session.ctx, position: l.session.position})
	}
}

// Listening reports whether the Listener was started and has neither been stopped nor ended since.
func (l *Listener[T]) Listening() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.listening()
}

// State returns Connecting or Open while the Listener is listening, and Closed otherwise.
func (l *Listener[T]) State() source.State {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.listening() {
		return source.Closed
	}
	return source.State(l.session.state.Load())
}

// Wait waits until the Listener is stopped or has ended and no handler runs. It returns the error with which the last
// session has failed. It returns nil if that was stopped or completed by the server, or if there was no session.
func (l *Listener[T]) Wait() error {
	for {
		l.mu.Lock()
		latest := l.session
		l.mu.Unlock()
		if latest == nil {
			return nil
		}
		err := latest.subscription.Wait()
		l.mu.Lock()
		settled := latest == l.session
		l.mu.Unlock()
		if settled {
			return err
		}
	}
}

// Observable returns the hot stream of the events that OnMessage is called with. It emits each of them after OnMessage
// has returned. It continues over any number of stops and starts, and never completes. It buffers up to 1,024 events
// for each subscriber, in addition to the batch that the subscriber is processing. If the buffer of a subscriber is
// full, the Listener reads no further event until there is room, the subscriber leaves, or the Listener is stopped.
func (l *Listener[T]) Observable() observable.Observable[source.Event[T]] {
	return func(ctx context.Context, emit func(source.Event[T]) bool) error {
		return l.events.Join().Run(ctx, emit)
	}
}

func (l *Listener[T]) listening() bool { return l.session != nil && !l.session.over.Load() }

func (l *Listener[T]) stop() {
	if l.session != nil {
		l.session.over.Store(true)
		l.session.subscription.Dispose()
	}
}

// begin runs a session after the one before it has ended, so that no two handlers run at once.
func (l *Listener[T]) begin(s *session) {
	previous := l.session
	l.session = s
	run := observable.Observable[source.Event[T]](func(ctx context.Context, _ func(source.Event[T]) bool) error {
		if previous != nil {
			<-previous.subscription.Done()
		}
		return l.connect(s)(ctx, func(event source.Event[T]) bool {
			l.onMessage(event, ctx.Done()) // not in Next, which a stop may leave out: the event counts as handled
			return !s.over.Load()
		})
	})
	s.subscription = run.Subscribe(s.ctx, observable.Observer[source.Event[T]]{
		Error:    func(err error) { s.over.Store(true); l.onFailure(err) },
		Complete: func() { s.over.Store(true); l.onEnd(io.EOF) },
	})
}

// connect returns the stream of a session. A hook among the options may stop the session; no handler is called after
// that.
func (l *Listener[T]) connect(s *session) observable.Observable[source.Event[T]] {
	options := slices.Concat([]source.Option{
		source.WithPosition(s.position), // a Position among the options replaces it and serves all sessions
		source.WithOnStateChange(func(state source.State) { s.state.Store(int32(state)) }), // before hooks that ask for it
	}, l.options, []source.Option{
		source.WithOnOpen(unless(&s.over, l.handlers.OnOpen)),
		source.WithOnParseError(unless(&s.over, l.onParseError)),
		source.WithOnRetry(func(err error, attempt int, delay time.Duration) {
			if l.handlers.OnRetry != nil && !s.over.Load() {
				l.handlers.OnRetry(err, attempt, delay)
			}
		}),
	})
	if l.handlers.OnComment != nil {
		options = append(options, source.WithOnComment(unless(&s.over, l.handlers.OnComment)))
	}
	return source.FromEventSource[T](l.url, options...)
}

// unless returns a handler that does nothing if handler is nil or the session is over.
func unless[V any](over *atomic.Bool, handler func(V)) func(V) {
	return func(v V) {
		if handler != nil && !over.Load() {
			handler(v)
		}
	}
}

func (l *Listener[T]) onMessage(event source.Event[T], done <-chan struct{}) {
	if l.handlers.OnMessage != nil {
		l.handlers.OnMessage(event)
	}
	l.events.Append(done, event)
}

func (l *Listener[T]) onParseError(err *source.ParseError) {
	if l.handlers.OnParseError != nil {
		l.handlers.OnParseError(err)
		return
	}
	slog.Default().Warn("rivulet: a Listener without OnParseError skips an event", "error", err)
}

func (l *Listener[T]) onEnd(err error) {
	if l.handlers.OnError != nil {
		l.handlers.OnError(err)
	}
}

func (l *Listener[T]) onFailure(err error) {
	if l.handlers.OnError == nil {
		slog.Default().Error("rivulet: a Listener without OnError failed", "error", err)
	}
	l.onEnd(err)
}
