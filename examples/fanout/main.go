// Fanout passes one stream of prices on to many clients. A hub is connected to the exchange once, however many clients
// are connected to the hub, and reads along itself:
//
//	exchange ──1── Share ─┬─ what the hub prints
//	                      └─ sink.EventSource ──n── clients
package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"time"

	"github.com/rivulet-go/rivulet/examples/internal/demo"
	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/sink"
	"github.com/rivulet-go/rivulet/source"
)

type config struct {
	clients int
	events  int
	every   time.Duration
}

func main() { demo.Main("fanout", run) }

// run is the program. It ends without an error when ctx is done.
func run(ctx context.Context, arguments []string, stdout, stderr io.Writer) error {
	config, err := parse(arguments, stderr)
	if err != nil {
		return err
	}
	exchange := newExchange(config.every)
	upstream, err := demo.Serve("localhost:0", exchange)
	if err != nil {
		return err
	}
	defer upstream.Close()

	prices := operators.Share(operators.Map(source.FromEventSource[price](upstream.URL), source.Data[price]))
	hub := sink.EventSource(prices, sink.Config[price]{})
	defer hub.Close()
	downstream, err := demo.Serve("localhost:0", hub)
	if err != nil {
		return err
	}
	defer downstream.Close()

	reader := prices.Subscribe(ctx, observable.Observer[price]{
		Next:  func(p price) { fmt.Fprintf(stdout, "%v to %d clients\n", p, hub.Clients()) },
		Error: func(error) {}, // the clients have it too
	})
	received, err := operators.Count(newClients(downstream.URL, config)).First(ctx)
	reader.Dispose()
	_ = reader.Wait()
	switch {
	case ctx.Err() != nil:
		return nil // Ctrl-C
	case err != nil:
		return err
	}
	_, err = fmt.Fprintf(stdout, "%d clients received %d events; the exchange had %d connection(s), from the hub\n",
		config.clients, received, exchange.connections.Load())
	return err
}

// newClients returns what all clients receive. Each has a connection of its own and receives that many events.
func newClients(url string, config config) observable.Observable[source.Event[price]] {
	clients := make([]observable.Observable[source.Event[price]], config.clients)
	for i := range clients {
		clients[i] = source.FromEventSource[price](url)
		if config.events > 0 {
			clients[i] = operators.Take(clients[i], config.events)
		}
	}
	return operators.Merge(clients...)
}

func parse(arguments []string, stderr io.Writer) (config, error) {
	var c config
	flags := demo.Flags("fanout", stderr)
	flags.IntVar(&c.clients, "clients", 100, "how many clients are connected to the hub")
	flags.IntVar(&c.events, "events", 10, "end after `N` prices for each client; 0 continues until Ctrl-C")
	flags.DurationVar(&c.every, "every", 200*time.Millisecond, "how often the price changes")
	err := demo.Parse(flags, arguments)
	return c, cmp.Or(err, demo.Positive("clients", c.clients), demo.NotNegative("events", c.events),
		demo.Positive("every", c.every))
}
