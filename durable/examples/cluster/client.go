package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/rivulet-go/rivulet/durable"
	"github.com/rivulet-go/rivulet/retry"
	"github.com/rivulet-go/rivulet/source"
)

// counts is what all clients have seen together.
type counts struct {
	seen          atomic.Int64
	missing       atomic.Int64
	doubled       atomic.Int64
	reconnections atomic.Int64
	highest       []atomic.Int64 // the highest number that each client has seen
}

// follow is a client. It follows the visitors after the latest one, and returns when it has seen n of them, or never if n
// is 0.
func (c *counts) follow(ctx context.Context, url string, client int, latest durable.Message[visitor], n int) error {
	events := source.FromEventSource[visitor](url,
		source.WithLastEventID(latest.Cursor()),
		source.WithRetry(retry.Policy{InitialDelay: 50 * time.Millisecond, MaxDelay: time.Second}),
		source.WithLogger(slog.New(slog.DiscardHandler)),
		source.WithOnRetry(func(error, int, time.Duration) { c.reconnections.Add(1) }))
	previous := latest.Data.Number
	for event, err := range events.All(ctx) {
		if err != nil {
			return fmt.Errorf("a client: %w", err)
		}
		c.count(previous, event.Data.Number)
		previous = max(previous, event.Data.Number)
		c.highest[client].Store(int64(previous))
		if previous == latest.Data.Number+n {
			return nil
		}
	}
	return errors.New("a client: the stream has ended")
}

// bounds returns the highest numbers that the slowest and the fastest client have seen.
func (c *counts) bounds() (slowest, fastest int64) {
	slowest = c.highest[0].Load()
	for i := range c.highest {
		number := c.highest[i].Load()
		slowest, fastest = min(slowest, number), max(fastest, number)
	}
	return slowest, fastest
}

// count counts a visitor. Each number is one more than the previous one, unless visitors are missing or doubled.
func (c *counts) count(previous, number int) {
	c.seen.Add(1)
	if number <= previous {
		c.doubled.Add(1)
	} else {
		c.missing.Add(int64(number - previous - 1))
	}
}

func (c *counts) String() string {
	return fmt.Sprintf("seen %d, missing %d, doubled %d, reconnections %d",
		c.seen.Load(), c.missing.Load(), c.doubled.Load(), c.reconnections.Load())
}

// check returns an error if a visitor was missing or doubled.
func (c *counts) check() error {
	if c.missing.Load() > 0 || c.doubled.Load() > 0 {
		return fmt.Errorf("the stream has a gap or a repetition: %v", c)
	}
	return nil
}
