package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/rivulet-go/rivulet/durable"
	"github.com/rivulet-go/rivulet/observable"
)

// visitor is an event. Its number is its sequence in the stream, because the feed is the only writer.
type visitor struct {
	Number  int    `json:"number"`
	Country string `json:"country"`
}

var countries = []string{"at", "br", "de", "fr", "in", "it", "jp", "ke", "mx", "us"}

// newest returns the latest visitor. If the stream has none, the feed publishes the first one, or newest waits until
// the feed of another program does.
func newest(ctx context.Context, nc *nats.Conn, feeds bool) (latest durable.Message[visitor], err error) {
	js, err := jetstream.New(nc)
	if err != nil {
		return latest, err
	}
	limited, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	stream, err := js.Stream(limited, streamName)
	if err != nil {
		return latest, fmt.Errorf("looking at stream %s: %w", streamName, err)
	}
	if state := stream.CachedInfo().State; feeds && state.Msgs == 0 {
		if err := feed(ctx, nc, int(state.LastSeq)+1, 1, time.Millisecond); err != nil {
			return latest, err
		}
	}
	return durable.From[visitor](nc, streamName, durable.WithStartTail(1)).First(ctx)
}

// feed publishes n visitors, or an endless number if n is 0.
func feed(ctx context.Context, nc *nats.Conn, first, n int, every time.Duration) error {
	subject := func(v visitor) string { return "visitors." + v.Country }
	acks := durable.Publish(visitors(first, n, every), nc, streamName, subject, durable.WithExpectLastSequence(uint64(first-1)))
	return acks.ForEach(ctx, func(durable.Ack[visitor]) {})
}

// visitors emits a visitor at every tick. If it was held up, it catches up.
func visitors(first, n int, every time.Duration) observable.Observable[visitor] {
	return func(ctx context.Context, emit func(visitor) bool) error {
		begin := time.Now()
		for i := 0; n == 0 || i < n; i++ {
			if err := sleep(ctx, time.Until(begin.Add(time.Duration(i)*every))); err != nil {
				return err
			}
			if !emit(visitor{Number: first + i, Country: countries[rand.IntN(len(countries))]}) {
				return nil
			}
		}
		return nil
	}
}

// sleep returns after d, or with the cause of ctx when that is done.
func sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return context.Cause(ctx)
	}
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
