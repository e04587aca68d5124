//go:build unix

package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"time"
)

// clients are connections that read a stream and count the events in it.
type clients struct {
	conns    []net.Conn
	received []atomic.Int64
	reading  sync.WaitGroup
	failed   chan error
}

const request = "GET /events?stream=prices HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n"

// connect opens n connections, a few at a time, and returns when all have got the head of their response.
func connect(address string, n, buffer int) (*clients, error) {
	c := &clients{conns: make([]net.Conn, n), received: make([]atomic.Int64, n), failed: make(chan error, 1)}
	var opened sync.WaitGroup
	slots := make(chan struct{}, 64)
	for i := range n {
		slots <- struct{}{}
		conn, err := net.Dial("tcp", address)
		if err != nil {
			return nil, err
		}
		c.conns[i] = conn
		if _, err := io.WriteString(conn, request); err != nil {
			return nil, err
		}
		opened.Add(1)
		c.reading.Go(func() {
			open := sync.OnceFunc(func() { <-slots; opened.Done() })
			if err := c.read(i, make([]byte, buffer), open); !errors.Is(err, net.ErrClosed) {
				c.fail(fmt.Errorf("client %d: %w", i, err))
				open()
			}
		})
	}
	opened.Wait()
	time.Sleep(300 * time.Millisecond) // some servers send the head before they know the client
	return c, c.failure()
}

func (c *clients) fail(err error) {
	select {
	case c.failed <- err:
	default:
	}
}

func (c *clients) failure() error {
	select {
	case err := <-c.failed:
		return err
	default:
		return nil
	}
}

// read counts the events of one client until reading fails. Each event has one brace, wherever the chunks of the transfer
// begin.
func (c *clients) read(i int, buffer []byte, open func()) error {
	for {
		n, err := c.conns[i].Read(buffer)
		if err != nil {
			return err
		}
		open()
		if events := bytes.Count(buffer[:n], []byte("{")); events > 0 {
			c.received[i].Add(int64(events))
		}
	}
}

// least is how many events every client has received.
func (c *clients) least() int {
	least := c.received[0].Load()
	for i := range c.received {
		least = min(least, c.received[i].Load())
	}
	return int(least)
}

// await returns when every client has received that many events.
func (c *clients) await(events int) error {
	const limit = 5 * time.Minute
	for end := time.Now().Add(limit); time.Now().Before(end); time.Sleep(500 * time.Microsecond) {
		least := c.least()
		if err := c.failure(); err != nil || least >= events {
			return err
		}
	}
	return fmt.Errorf("%d of %d events after %v", c.least(), events, limit)
}

func (c *clients) close() {
	for _, conn := range c.conns {
		_ = conn.Close()
	}
	c.reading.Wait()
}
