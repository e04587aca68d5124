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

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/source"
)

// Handlers are the callbacks of a [Listener]. Any of them may be nil. They are called one after the other, never
// two at once, on a goroutine of the Listener.
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
	events   *observable.Subject[source.Event[T]]
	state    atomic.Int32 // the source.State of the latest session

	mu      sync.Mutex
	session *session[T] // the latest, nil before the first start
}

// session is the time from a start to a stop, an end or a restart.
type session[T any] struct {
	ctx          context.Context
	stream       observable.Observable[source.Event[T]]
	subscription *observable.Subscription
	over         atomic.Bool // stopped, complete or failed; its last handler may still run
}

// NewListener returns a Listener for the endpoint at url. The options are those of [source.FromEventSource].
//
// Every start makes a new session without memory of the one before, like a new EventSource in a browser; with
// [source.WithResume] it goes on after the last event ID that the one before saw.
func NewListener[T any](url string, handlers Handlers[T], options ...source.Option) *Listener[T] {
	return &Listener[T]{
		url: url, handlers: handlers, options: options,
		events: observable.NewSubject[source.Event[T]](),
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
		l.begin(&session[T]{ctx: ctx, stream: l.connect()})
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

// Restart drops the connection and makes a new one at once, after the last event ID. It does nothing when the
// Listener is not started.
func (l *Listener[T]) Restart() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.listening() {
		l.stop()
		l.begin(&session[T]{ctx: l.session.ctx, stream: l.session.stream})
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
	if !l.Listening() {
		return source.Closed
	}
	if source.State(l.state.Load()) == source.Open {
		return source.Open
	}
	return source.Connecting
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
// number of stops and starts and never ends by itself. A subscriber that lags more than the capacity of a
// [observable.Subject] behind holds the connection back.
func (l *Listener[T]) Observable() observable.Observable[source.Event[T]] {
	return l.events.Observable()
}

// connect is the stream of a new session.
func (l *Listener[T]) connect() observable.Observable[source.Event[T]] {
	options := slices.Concat([]source.Option{
		source.WithResume(), // before the caller's, whose own WithResume reaches from session to session
	}, l.options, []source.Option{
		source.WithOnStateChange(func(s source.State) { l.state.Store(int32(s)) }),
		source.WithOnParseError(l.onParseError),
		source.WithOnRetry(func(err error, _ int, _ time.Duration) { l.onLoss(err) }),
	})
	if l.handlers.OnOpen != nil {
		options = append(options, source.WithOnOpen(l.handlers.OnOpen))
	}
	return source.FromEventSource[T](l.url, options...)
}

func (l *Listener[T]) listening() bool { return l.session != nil && !l.session.over.Load() }

func (l *Listener[T]) stop() {
	if l.session != nil {
		l.session.over.Store(true)
		l.session.subscription.Dispose()
	}
}

// begin runs a session when the one before it has ended, so that no two handlers run at once.
func (l *Listener[T]) begin(next *session[T]) {
	previous := l.session
	l.session = next
	l.state.Store(int32(source.Connecting))
	waiting := observable.Observable[source.Event[T]](func(ctx context.Context, emit func(source.Event[T]) bool) error {
		if previous != nil {
			<-previous.subscription.Done()
		}
		return next.stream(ctx, emit)
	})
	next.subscription = waiting.Subscribe(next.ctx, observable.Observer[source.Event[T]]{
		Next:     l.onMessage,
		Error:    func(err error) { next.over.Store(true); l.onFailure(err) },
		Complete: func() { next.over.Store(true); l.onLoss(io.EOF) },
	})
}

func (l *Listener[T]) onMessage(event source.Event[T]) {
	if l.handlers.OnMessage != nil {
		l.handlers.OnMessage(event)
	}
	l.events.Next(event)
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
	slog.Default().Error("rivulet: a Listener without OnError failed", "url", l.url, "error", err)
}
