// Example follows a feed of prices with a chain of methods, and prints how each price moves. It brings a server of its
// own, which makes the prices up.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/signal"
	"time"

	"github.com/rivulet-go/rivulet/fluent"
	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/sink"
	"github.com/rivulet-go/rivulet/source"
)

// Price is what one event says.
type Price struct {
	Symbol string
	Cents  int
}

func main() {
	moves := flag.Int("moves", 0, "end after `N` moves; 0 means after Ctrl-C")
	every := flag.Duration("every", 500*time.Millisecond, "how often there is a price")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Stdout, *moves, *every); err != nil && ctx.Err() == nil {
		log.Fatal("example: ", err)
	}
}

// run prints that many moves, or moves until ctx is done.
func run(ctx context.Context, stdout io.Writer, moves int, every time.Duration) (err error) {
	listener, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		return err
	}
	server := &http.Server{
		Handler:           sink.EventSource(feed(every).Observable(), sink.Config[Price]{}),
		ReadHeaderTimeout: time.Minute,
	}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	defer func() {
		err = errors.Join(err, server.Close()) // ends all connections
		<-served                               // http.ErrServerClosed
	}()

	changes := follow("http://" + listener.Addr().String())
	if moves > 0 {
		changes = changes.Take(moves)
	}
	return changes.ForEach(ctx, func(text string) { fmt.Fprintln(stdout, text) })
}

// feed returns prices that change at random.
func feed(every time.Duration) fluent.Stream[Price] {
	walk := func(symbol string, cents int) fluent.Stream[Price] {
		return fluent.From(source.Interval(every)).
			Scan(cents, func(cents, _ int) int { return max(1, cents+rand.IntN(21)-10) }).
			Map(func(cents int) Price { return Price{symbol, cents} })
	}
	return walk("OIL", 7000).Merge(walk("TEA", 300), walk("TIN", 2500))
}

// follow returns how the prices at that URL move.
func follow(url string) fluent.Stream[string] {
	return fluent.From(source.FromEventSource[Price](url)).
		Map(source.Data[Price]).
		GroupBy(func(p Price) string { return p.Symbol }).
		FlatMap(100, moves).
		Timestamp().
		Map(func(move operators.Timestamped[string]) string {
			return move.Time.Format(time.TimeOnly) + "  " + move.Value
		})
}

// moves returns how the prices of one symbol move.
func moves(of operators.Group[string, Price]) fluent.Stream[string] {
	return fluent.From(of.Items).
		DistinctUntilChangedBy(func(p Price) int { return p.Cents }).
		Pairwise().
		Map(func(p [2]Price) string {
			return fmt.Sprintf("%s %7.2f (%+.2f)", of.Key, float64(p[1].Cents)/100, float64(p[1].Cents-p[0].Cents)/100)
		})
}
