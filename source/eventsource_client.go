package source

import (
	"context"
	"net"
	"net/http"
	"sync"
)

// clientFor returns the client for an attempt with the context ctx, and what closes the connections of that client
// after ctx is done.
func (s *settings) clientFor(ctx context.Context) (client *http.Client, closeConnections func()) {
	if s.client != nil {
		client := *s.client
		client.Timeout = 0
		client.CheckRedirect = redirect(s.client.CheckRedirect)
		return &client, func() {}
	}
	transport, closeConnections := ownTransport(ctx)
	return &http.Client{Transport: transport, CheckRedirect: redirect(nil)}, closeConnections
}

// maxAnswerHeader bounds the headers of an answer; the 10 MB of net/http become a hundred in its map.
const maxAnswerHeader = 1 << 20

// ownTransport returns a transport for one attempt. Alone, http.Transport would go on with a name lookup and a dial
// after the attempt was given up, and keep connections for later; this one ends them all with the attempt.
func ownTransport(ctx context.Context) (http.RoundTripper, func()) {
	shared, ok := http.DefaultTransport.(*http.Transport)
	if !ok {
		return http.DefaultTransport, func() {} // the program has one of its own
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

// dialOf is how a transport without a DialContext connects.
func dialOf(transport *http.Transport) dialFunc {
	//lint:ignore SA1019 a program may have set it, and must not be led past its proxy, say
	dial := transport.Dial
	if dial == nil {
		return (&net.Dialer{}).DialContext
	}
	return func(_ context.Context, network, address string) (net.Conn, error) { return dial(network, address) }
}

// connections are those of one attempt, which dials more than one when it is redirected.
type connections struct {
	mu   sync.Mutex
	open []net.Conn
}

// during is dial, as long as ctx is not done.
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
		_ = conn.Close() // most are closed already, and say so
	}
	c.open = nil
}
