package websocket

import (
	"context"
	"time"

	ws "github.com/coder/websocket"

	"github.com/rivulet-go/rivulet/internal/connect"
)

// run is a run of From, whatever the type of the data. All of it happens on one goroutine, except for its commands.
type run struct {
	*settings
	target  string // the URL that is asked
	url     string // the same without secrets
	deliver deliverFunc

	attempts    *connect.Attempts
	connections int     // how many were opened
	outbox      *outbox // nil without commands
}

// deliverFunc decodes a message and, unless ctx is done, emits it. err is why it does not decode.
type deliverFunc = func(ctx context.Context, m message) (more bool, err error)

func (s *settings) newRun(url string) *run {
	r := &run{settings: s, target: url, url: connect.URL(url)}
	config := s.connection
	config.Policy.Retryable = s.mayRetry
	r.attempts = connect.New(kind, url, config)
	return r
}

// attempt connects once and emits the messages that come. It returns nil when the stream is done.
func (r *run) attempt(ctx context.Context) (err error) {
	c, err := r.connect(ctx)
	if err != nil {
		return err
	}
	defer func() {
		c.close()
		err = r.outbox.close(ctx, err)
	}()
	r.outbox.open(c)
	return r.read(ctx, c)
}

// connect makes a connection and does everything that must happen before its messages are emitted.
func (r *run) connect(run context.Context) (opened *Conn, err error) {
	ctx, cancel := context.WithCancelCause(run)
	defer cancel(nil)
	if r.connectTimeout > 0 {
		timer := time.AfterFunc(r.connectTimeout, func() { cancel(ErrConnectTimeout) })
		defer timer.Stop()
	}
	conn, h, err := r.dial(ctx)
	if err != nil {
		return nil, err
	}
	c := r.newConn(run, conn, h.socket)
	defer func() {
		if opened == nil { // also in a panic of a hook
			c.close()
		}
	}()
	if err := r.prepareConn(ctx, c); err != nil {
		return nil, err
	}
	r.connections++
	r.attempts.Opened()
	for _, hook := range r.onOpen {
		hook(h.answer)
	}
	return c, nil
}

// newConn returns a connection with the timers that may drop it.
func (r *run) newConn(run context.Context, conn *ws.Conn, socket *socket) *Conn {
	c := &Conn{s: r.settings, url: r.url, number: r.connections + 1, run: run, conn: conn, socket: socket}
	if r.idle > 0 {
		socket.idle = newWatchdog(stage{r.idle, func() { c.drop(ErrIdleTimeout) }})
	}
	if r.pingEvery > 0 {
		socket.silence = newWatchdog(
			stage{r.pingEvery, c.ping}, stage{r.pingWithin, func() { c.drop(ErrPingTimeout) }})
	}
	c.guard()
	return c
}

// prepareConn calls the functions of WithOnConnect. ctx ends with the connect timeout.
func (r *run) prepareConn(ctx context.Context, c *Conn) error {
	if len(r.onConnect) == 0 {
		return nil
	}
	dropped := make(chan struct{})
	release := context.AfterFunc(ctx, func() {
		defer close(dropped)
		if c.run.Err() == nil { // otherwise the connection is being closed in order
			c.drop(context.Cause(ctx))
		}
	})
	defer func() {
		if !release() {
			<-dropped
		}
	}()
	for _, hook := range r.onConnect {
		err := hook(ctx, c)
		switch {
		case ctx.Err() != nil:
			return r.failed(ctx, err)
		case err != nil:
			c.closeInOrder(ws.StatusNormalClosure)
			return r.refused(err)
		}
	}
	if c.reason.Load() != nil { // a hook has not noticed it
		return c.failure(nil)
	}
	return nil
}

// refused returns the failure of an attempt after a function of WithOnConnect has returned err.
func (r *run) refused(err error) error {
	switch err.(type) {
	case *ConnectionError, *CloseError, *MessageTooLargeError, *ParseError, *CommandError:
		return err // of a Conn
	}
	return &ConnectionError{URL: r.url, Err: connect.Clean(err)}
}

// read emits the messages of a connection until it is lost, the stream is done, or ctx, which is that of the run, is.
func (r *run) read(ctx context.Context, c *Conn) error {
	for ctx.Err() == nil {
		m, b, err := c.next()
		if ctx.Err() != nil {
			break
		}
		if err != nil {
			return r.endOf(err)
		}
		more, err := r.deliver(ctx, m)
		if err != nil && ctx.Err() == nil {
			err = r.notDecoded(c.parseError(m, err))
		}
		b.giveBack()
		if err != nil && ctx.Err() == nil {
			c.closeInOrder(ws.StatusUnsupportedData)
			return err
		}
		if !more {
			c.closeInOrder(ws.StatusNormalClosure)
			return nil
		}
	}
	return context.Cause(ctx)
}

// endOf returns the result of an attempt whose connection was lost because of err.
func (r *run) endOf(err error) error {
	closed, ok := err.(*CloseError)
	if ok && r.completeOnClose && closed.Code == int(ws.StatusNormalClosure) {
		return nil
	}
	return err
}

// notDecoded returns the failure of the stream, nil if the hooks take it.
func (r *run) notDecoded(failure *ParseError) error {
	if len(r.onParseError) == 0 {
		return failure
	}
	for _, hook := range r.onParseError {
		hook(failure)
	}
	return nil
}
