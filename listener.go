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
	"github.com/rivulet-go/rivulet/internal/redact"
	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/source"
)

// Handlers are the callbacks of a [Listener]. Any of them may be nil. They are called one after the other, never
// two at once, on a goroutine of the Listener. A panic of theirs is not recovered.
type Handlers[T any] struct {
	// OnOpen is called when a connection is established, also again after one was lost.
	OnOpen func(*http.Response)
	// OnMessage is called for every event whose data was decoded into a T.
	OnMessage func(source.Event[T])
	// OnParseError is called for every event whose data was not; the events after it go on. Without it OnError is.
	OnParseError func(*source.ParseError)
	// OnError is called when a connection is lost or cannot be made, while State is Connecting and a new one is under
	// way; and once at the end, with State Closed: with the failure when the Listener gives up, with io.EOF when the
	// server has ended the stream for good, with the cause of a context that is done, but not for StopListening.
	// A failure that nobody handles is logged with [slog.Default].
	OnError func(error)
}

// Listener follows a Server-Sent Events endpoint while it is started. It is lazy: making one connects nothing.
//
// All methods may be called in any order, any number of times, from any goroutine, and from inside a handler, but
// for Wait, which would wait for itself there.
type Listener[T any] struct {
	url      string
	handlers Handlers[T]
	options  []source.Option
	events   *queue.Log[source.Event[T]]

	mu      sync.Mutex
	session *session // the latest, nil before the first start
}

// session is the time from a start to a stop, an end or a restart.
type session struct {
	ctx          context.Context
	position     source.Option // where the session goes on when it is restarted
	subscription *observable.Subscription
	state        atomic.Int32 // a source.State
	over         atomic.Bool  // stopped, complete or failed; its last handler may still run
}

// eventsCapacity is how many events may wait for a subscriber of [Listener.Observable].
const eventsCapacity = 1024

// NewListener returns a Listener for the endpoint at url. The options are those of [source.FromEventSource].
//
// Every start makes a new session without memory of the one before, like a new EventSource in a browser; with
// [source.WithResume] it goes on after the last event ID that the one before saw.
func NewListener[T any](url string, handlers Handlers[T], options ...source.Option) *Listener[T] {
	for _, option := range options {
		must.NotNil("rivulet.NewListener", option)
	}
	return &Listener[T]{
		url: url, handlers: handlers, options: options,
		events: queue.NewLog[source.Event[T]](queue.LogConfig{Capacity: eventsCapacity}),
	}
}

// Listen is [NewListener] and StartListening in one.
func Listen[T any](
	ctx context.Context, url string, handlers Handlers[T], options ...source.Option,
) (*Listener[T], error) {
	l := NewListener(url, handlers, options...)
	return l, l.StartListening(ctx)
}

// StartListening connects, in a goroutine of its own, and returns at once. It does nothing when the Listener has been
// started already. The context ends the session as StopListening does, but with a call of OnError.
// The only error is the cause of a context that is done; everything else goes to OnError.
func (l *Listener[T]) StartListening(ctx context.Context) error {
	if err := context.Cause(ctx); err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.listening() {
		l.begin(&session{ctx: ctx, position: source.WithResume()})
	}
	return nil
}

// StopListening disconnects. It does not wait: a handler that runs at that moment runs to its end, as [Listener.Wait]
// tells, and no other is called.
func (l *Listener[T]) StopListening() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.stop()
}

// Restart drops the connection and makes a new one at once, after the last event ID and with the reconnection time that
// the server has set. It does nothing when the Listener is not started.
func (l *Listener[T]) Restart() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.listening() {
		l.stop()
		l.begin(&session{ctx: l.session.ctx, position: l.session.position})
	}
}

// Listening tells whether the Listener has been started and neither stopped nor ended since.
func (l *Listener[T]) Listening() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.listening()
}

// State is Connecting or Open while the Listener is listening, else Closed.
func (l *Listener[T]) State() source.State {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.listening() {
		return source.Closed
	}
	return source.State(l.session.state.Load())
}

// Wait waits until the Listener is stopped or has ended and no handler runs any more. It returns the error with which
// the last session failed, nil when there was none, it was stopped or the server completed it.
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

// Observable is the hot stream of what OnMessage sees, each event after OnMessage has returned. It goes on over any
// number of stops and starts and never ends by itself. Up to 1,024 events wait for a subscriber, besides those that it
// has taken; one that lags more behind holds the connection back, until it goes on, leaves, or the Listener is stopped.
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

// begin runs a session when the one before it has ended, so that no two handlers run at once.
func (l *Listener[T]) begin(s *session) {
	previous := l.session
	l.session = s
	run := observable.Observable[source.Event[T]](func(ctx context.Context, _ func(source.Event[T]) bool) error {
		if previous != nil {
			<-previous.subscription.Done()
		}
		return l.connect(s)(ctx, func(event source.Event[T]) bool {
			l.onMessage(event, ctx.Done()) // not in Next, which a stop may leave out: the source takes the event for handled
			return !s.over.Load()
		})
	})
	s.subscription = run.Subscribe(s.ctx, observable.Observer[source.Event[T]]{
		Error:    func(err error) { s.over.Store(true); l.onFailure(err) },
		Complete: func() { s.over.Store(true); l.onLoss(io.EOF) },
	})
}

// connect is the stream of a session. What runs within it, such as a hook among the options, may stop the session; no
// handler is called after that.
func (l *Listener[T]) connect(s *session) observable.Observable[source.Event[T]] {
	onLoss := unless(&s.over, l.onLoss)
	options := slices.Concat([]source.Option{
		s.position, // before the options of the caller, whose own WithResume reaches from session to session
		source.WithOnStateChange(func(state source.State) { s.state.Store(int32(state)) }), // and whose hooks may ask for it
	}, l.options, []source.Option{
		source.WithOnOpen(unless(&s.over, l.onOpen)),
		source.WithOnParseError(unless(&s.over, l.onParseError)),
		source.WithOnRetry(func(err error, _ int, _ time.Duration) { onLoss(err) }),
	})
	return source.FromEventSource[T](l.url, options...)
}

// unless is a handler that is not called when the session is over.
func unless[V any](over *atomic.Bool, handler func(V)) func(V) {
	return func(v V) {
		if !over.Load() {
			handler(v)
		}
	}
}

func (l *Listener[T]) onOpen(answer *http.Response) {
	if l.handlers.OnOpen != nil {
		l.handlers.OnOpen(answer)
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
	l.onFailure(err)
}

// onLoss reports what needs no log of ours: a lost connection, which the source logs in any case, or the end.
func (l *Listener[T]) onLoss(err error) {
	if l.handlers.OnError != nil {
		l.handlers.OnError(err)
	}
}

func (l *Listener[T]) onFailure(err error) {
	if l.handlers.OnError != nil {
		l.handlers.OnError(err)
		return
	}
	slog.Default().Error("rivulet: a Listener without OnError failed",
		"url", redact.URL(l.url), "error", redact.Error(err))
}
