package websocket

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	ws "github.com/coder/websocket"

	"github.com/rivulet-go/rivulet/internal/connect"
)

// Conn is a connection that is being made. The function of [WithOnConnect] that is given it may use it until it returns,
// and only on its own goroutine. What Send and Receive wait for ends with the connect timeout and with the run.
type Conn struct {
	s      *settings
	url    string // without secrets
	number int    // of the connection

	run    context.Context
	conn   *ws.Conn
	socket *socket
	reason atomic.Pointer[error] // why the connection was given up; nil while it was not

	pings   sync.WaitGroup
	unguard func() bool    // see guard
	closing sync.WaitGroup // until guard has closed the connection
}

// Number returns the number of the connection, as in [Event].
func (c *Conn) Number() int { return c.number }

// Subprotocol returns the protocol that the server has chosen, or "" without [WithSubprotocols].
func (c *Conn) Subprotocol() string { return c.conn.Subprotocol() }

// Send sends v: a string as a text message, a []byte as a binary message, everything else as JSON in a text message. It
// fails with a [*CommandError] if v cannot be encoded, and otherwise if the connection is lost.
func (c *Conn) Send(v any) error {
	f, err := encode(c.url, v)
	if err != nil {
		return err
	}
	if err := c.write(f); err != nil {
		return c.failure(err)
	}
	return nil
}

// Receive waits for a message and decodes it into the value that v points to, as [From] does. It fails if the connection
// is lost, with a [*CloseError] if the server closes it, and with a [*ParseError] if the message cannot be decoded.
func (c *Conn) Receive(v any) error {
	m, b, err := c.next()
	if err != nil {
		return err
	}
	defer b.giveBack()
	if err := decode(m.data, v, c.s.decode); err != nil {
		return c.parseError(m, err)
	}
	return nil
}

// frame is an encoded command.
type frame struct {
	command any
	typ     ws.MessageType
	data    []byte
}

func encode(url string, v any) (frame, error) {
	switch data := v.(type) {
	case string:
		return frame{v, ws.MessageText, []byte(data)}, nil
	case []byte:
		return frame{v, ws.MessageBinary, data}, nil
	}
	data, err := json.Marshal(v)
	if err != nil {
		return frame{}, &CommandError{URL: url, Command: v, Err: err}
	}
	return frame{v, ws.MessageText, data}, nil
}

// write needs no context: it ends when the socket is closed.
func (c *Conn) write(f frame) error { return c.conn.Write(context.Background(), f.typ, f.data) }

// next waits for a message and reads it into a buffer, which the caller must give back. It needs no context: it ends when
// the socket is closed.
func (c *Conn) next() (message, *buffer, error) {
	typ, r, err := c.conn.Reader(context.Background())
	if err != nil {
		return message{}, nil, c.failure(err)
	}
	b := buffers.Get().(*buffer) // not before: a connection that waits holds none
	err = b.fill(r)
	if err == nil && c.socket.ended.Load() {
		err = io.ErrUnexpectedEOF // to the library, a connection that ends before a payload has completed the message
	}
	if err != nil {
		b.giveBack()
		return message{}, nil, c.failure(err)
	}
	return message{c.number, typ == ws.MessageBinary, b.bytes}, b, nil
}

// buffer holds a message.
type buffer struct{ bytes []byte }

// buffers holds what was given back. A buffer for a long message is not kept.
var buffers = sync.Pool{New: func() any { return &buffer{make([]byte, 0, 512)} }}

const longestKept = 64 << 10

func (b *buffer) giveBack() {
	if cap(b.bytes) <= longestKept {
		buffers.Put(b)
	}
}

// fill reads all of r. It believes no length that was announced: the buffer doubles as bytes come.
func (b *buffer) fill(r io.Reader) error {
	b.bytes = b.bytes[:0]
	for {
		if len(b.bytes) == cap(b.bytes) {
			b.bytes = slices.Grow(b.bytes, cap(b.bytes))
		}
		n, err := r.Read(b.bytes[len(b.bytes):cap(b.bytes)])
		b.bytes = b.bytes[:len(b.bytes)+n]
		switch err {
		case nil:
		case io.EOF:
			return nil
		default:
			return err
		}
	}
}

// errEnded is the reason of a ConnectionError: what RFC 6455 calls the code 1006.
var errEnded = fmt.Errorf("the server has ended the connection without a close frame: %w", io.EOF)

// drop gives the connection up. The first reason counts.
func (c *Conn) drop(reason error) {
	if c.reason.CompareAndSwap(nil, &reason) {
		_ = c.socket.Close() // there is a reason already
	}
}

// failure returns why the connection is lost, given the error of the call that has noticed it.
func (c *Conn) failure(err error) error {
	if errors.Is(err, net.ErrClosed) && c.reason.Load() == nil && c.run.Err() == nil {
		c.pings.Wait() // the library has closed the connection for a ping that it could not send, which now says so
	}
	var closed ws.CloseError
	switch reason := c.reason.Load(); {
	case c.run.Err() != nil:
		return &ConnectionError{URL: c.url, Err: connect.Clean(context.Cause(c.run))}
	case reason != nil:
		return &ConnectionError{URL: c.url, Err: connect.Clean(*reason)}
	case errors.Is(err, ws.ErrMessageTooBig):
		return &MessageTooLargeError{URL: c.url, Limit: c.s.maxMessageBytes}
	case errors.As(err, &closed):
		return &CloseError{URL: c.url, Code: int(closed.Code), Reason: closed.Reason}
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return &ConnectionError{URL: c.url, Err: errEnded}
	default:
		return &ConnectionError{URL: c.url, Err: connect.Clean(err)}
	}
}

func (c *Conn) parseError(m message, err error) *ParseError {
	return &ParseError{URL: c.url, Connection: m.connection, Binary: m.binary, Data: slices.Clone(m.data), Err: err}
}

// guard closes the connection, in order, when the run is canceled.
func (c *Conn) guard() {
	c.closing.Add(1)
	c.unguard = context.AfterFunc(c.run, func() {
		defer c.closing.Done()
		c.closeInOrder(ws.StatusNormalClosure)
	})
}

// ping sends a ping in a goroutine, which ends with the pong or with the connection. If the server does not even take the
// ping, the connection is lost.
func (c *Conn) ping() {
	c.pings.Go(func() {
		err := c.conn.Ping(context.Background())
		switch {
		case err == nil:
		case errors.Is(err, context.DeadlineExceeded):
			c.drop(ErrPingTimeout)
		default:
			c.drop(err)
		}
	})
}

// closeTimeout is how long a close frame may take, and the one of the server after it.
const closeTimeout = time.Second

// closeInOrder sends a close frame, waits for that of the server, and closes the connection.
func (c *Conn) closeInOrder(code ws.StatusCode) {
	closed := make(chan struct{})
	timer := time.AfterFunc(closeTimeout, func() {
		defer close(closed)
		_ = c.socket.Close() // ends what Close waits for
	})
	_ = c.conn.Close(code, "") // the run is over or has a reason already
	if !timer.Stop() {
		<-closed
	}
}

// close ends the connection, however far it has come, and waits until nothing of it is left.
func (c *Conn) close() {
	if !c.unguard() {
		c.closing.Wait()
	}
	_ = c.socket.Close()  // it may be closed already, which is an error
	_ = c.conn.CloseNow() // likewise
	c.pings.Wait()
}
