package main

import (
	"io"
	"net/http"
	"slices"
	"sync"
	"time"
)

// balancer spreads requests over the instances in turns. It is the transport of a proxy.
type balancer struct {
	mu    sync.Mutex
	addrs []string
	turn  int
}

func (b *balancer) add(addr string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.addrs = append(b.addrs, addr)
}

func (b *balancer) remove(addr string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.addrs = slices.DeleteFunc(b.addrs, func(a string) bool { return a == addr })
}

// next returns the address of the instance whose turn it is, or "" if there is none.
func (b *balancer) next() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.addrs) == 0 {
		return ""
	}
	b.turn++
	return b.addrs[b.turn%len(b.addrs)]
}

// RoundTrip sends a request to an instance, and to the next one if that has gone: the EventSource of a browser does not
// reconnect after an error status.
func (b *balancer) RoundTrip(r *http.Request) (*http.Response, error) {
	for {
		if addr := b.next(); addr != "" {
			attempt := r.Clone(r.Context())
			attempt.URL.Scheme, attempt.URL.Host = "http", addr
			response, err := http.DefaultTransport.RoundTrip(attempt)
			if err == nil && response.StatusCode < http.StatusInternalServerError {
				return response, nil
			}
			if err == nil {
				_, _ = io.Copy(io.Discard, io.LimitReader(response.Body, 4<<10)) // so that the connection can be used again
				_ = response.Body.Close()
			}
		}
		if err := sleep(r.Context(), 10*time.Millisecond); err != nil {
			return nil, err
		}
	}
}
