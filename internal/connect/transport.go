package connect

import (
	"context"
	"net"
	"net/http"
	"sync"
)

// maxAnswerHeader bounds the headers of an answer, in bytes. The default of net/http is 10 MB, which can take ten times
// that in memory once parsed.
const maxAnswerHeader = 1 << 20

// Transport returns a transport for one attempt, and a function that closes its connections after ctx is done.
// http.Transport alone would finish a name lookup and a dial after the attempt was given up, and would keep connections
// for later. This transport ends all of them with the attempt.
func Transport(ctx context.Context) (http.RoundTripper, func()) {
	shared, ok := http.DefaultTransport.(*http.Transport)
	if !ok {
		return http.DefaultTransport, func() {} // the program has replaced it
	}
	transport := shared.Clone()
	if transport.MaxResponseHeaderBytes == 0 {
		transport.MaxResponseHeaderBytes = maxAnswerHeader
	}
	if transport.DialContext == nil {
		transport.DialContext = dialOf(transport)
	}
	var conns connections
	transport.DialContext = conns.during(ctx, transport.DialContext)
	if transport.DialTLSContext != nil {
		transport.DialTLSContext = conns.during(ctx, transport.DialTLSContext)
	}
	return transport, conns.close
}

type dialFunc = func(ctx context.Context, network, address string) (net.Conn, error)

// dialOf returns how a transport without a DialContext connects.
func dialOf(transport *http.Transport) dialFunc {
	//lint:ignore SA1019 a program may have set it, for a proxy of its own, say
	dial := transport.Dial
	if dial == nil {
		return (&net.Dialer{}).DialContext
	}
	return func(_ context.Context, network, address string) (net.Conn, error) { return dial(network, address) }
}

// connections are those of one attempt. An attempt that is redirected dials more than once.
type connections struct {
	mu   sync.Mutex
	open []net.Conn
}

// during returns a dial that is canceled when ctx is done, and whose connection is closed then.
func (c *connections) during(ctx context.Context, dial dialFunc) dialFunc {
	return func(dialCtx context.Context, network, address string) (net.Conn, error) {
		dialCtx, cancel := context.WithCancel(dialCtx)
		defer cancel()
		defer context.AfterFunc(ctx, cancel)()
		conn, err := dial(dialCtx, network, address)
		if err != nil {
			return nil, err
		}
		c.mu.Lock()
		defer c.mu.Unlock()
		c.open = append(c.open, conn)
		if ctx.Err() != nil {
			c.closeLocked()
			return nil, context.Cause(ctx)
		}
		return conn, nil
	}
}

func (c *connections) close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.closeLocked()
}

func (c *connections) closeLocked() {
	for _, conn := range c.open {
		_ = conn.Close() // most are closed already, which is an error
	}
	c.open = nil
}
