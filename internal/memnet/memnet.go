// Package memnet has a network in memory, for tests of HTTP within a testing/synctest bubble: there, a goroutine that
// waits for a socket would keep the clock from going on.
package memnet

import (
	"context"
	"net"
	"sync"
)

// Listener is a [net.Listener] that is reached by its Dial.
type Listener struct {
	conns  chan net.Conn
	closed chan struct{}
	once   sync.Once
}

// Listen returns a listener.
func Listen() *Listener { return &Listener{conns: make(chan net.Conn), closed: make(chan struct{})} }

// Dial connects to the listener, whatever the address, when it accepts. What one end of the connection writes waits
// for the other to read it.
func (l *Listener) Dial(ctx context.Context, _, _ string) (net.Conn, error) {
	ours, theirs := net.Pipe()
	select {
	case l.conns <- theirs:
		return ours, nil
	case <-l.closed:
		return nil, net.ErrClosed
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

// Accept waits for a connection.
func (l *Listener) Accept() (net.Conn, error) {
	select {
	case conn := <-l.conns:
		return conn, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

// Close ends Accept and Dial, not the connections.
func (l *Listener) Close() error {
	l.once.Do(func() { close(l.closed) })
	return nil
}

// Addr is there for the interface.
func (l *Listener) Addr() net.Addr { return &net.UnixAddr{Net: "memory", Name: "memory"} }
