// Listener follows a stream of Server-Sent Events through callbacks, and is started and stopped from the keyboard:
// type start, stop, restart, state or quit, and Enter. With -lazy it connects at the first start.
//
// It brings a server of its own that gives every handler something to do; -url follows another one.
package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"time"

	"github.com/rivulet-go/rivulet"
	"github.com/rivulet-go/rivulet/examples/internal/demo"
	"github.com/rivulet-go/rivulet/retry"
	"github.com/rivulet-go/rivulet/source"
)

type config struct {
	url    string
	lazy   bool
	events int
	every  time.Duration
}

func main() {
	demo.Main("listener", func(ctx context.Context, arguments []string, stdout, stderr io.Writer) error {
		return run(ctx, arguments, os.Stdin, stdout, stderr)
	})
}

// run is the program. It ends without an error when ctx is done.
func run(ctx context.Context, arguments []string, stdin io.Reader, stdout, stderr io.Writer) error {
	config, err := parse(arguments, stderr)
	if err != nil {
		return err
	}
	if config.url == "" {
		feed, err := demo.Serve("localhost:0", newFeed(config.every))
		if err != nil {
			return err
		}
		defer feed.Close()
		config.url = feed.URL
	}
	ctx, enough := context.WithCancel(ctx)
	defer enough()
	listener := newListener(ctx, config, enough, stdout)
	defer func() {
		listener.StopListening()
		_ = listener.Wait() // what it failed with was printed when it did
	}()
	fmt.Fprintln(stdout, "Commands:", commands) // before what the handlers print, on a goroutine of their own
	if !config.lazy {
		if err := listener.StartListening(ctx); err != nil {
			return nil // Ctrl-C
		}
	}
	err = obey(ctx, listener, stdin, stdout)
	if ctx.Err() != nil {
		return nil // Ctrl-C, or enough events
	}
	return err
}

// newListener prints the arguments of each handler.
func newListener(
	ctx context.Context, config config, enough func(), stdout io.Writer,
) *rivulet.Listener[json.RawMessage] {
	var listener *rivulet.Listener[json.RawMessage]
	messages := 0
	handlers := rivulet.Handlers[json.RawMessage]{
		OnOpen: func(response *http.Response) {
			fmt.Fprintln(stdout, "OnOpen:", demo.Printable(response.Status, ""))
		},
		OnMessage: func(event source.Event[json.RawMessage]) {
			fmt.Fprintf(stdout, "OnMessage: %s %s\n", demo.Printable(event.Type, ""), demo.Printable(string(event.Data), ""))
			if messages++; messages == config.events {
				listener.StopListening() // no other handler is called
				enough()
			}
		},
		OnParseError: func(err *source.ParseError) {
			fmt.Fprintf(stdout, "OnParseError: %q: %s\n", err.Data, printable(err.Err))
		},
		OnRetry: func(err error, attempt int, delay time.Duration) {
			fmt.Fprintf(stdout, "OnRetry: attempt %d failed, the next in %v: %s\n", attempt, delay, printable(err))
		},
		OnError: func(err error) {
			if ctx.Err() == nil {
				fmt.Fprintln(stdout, "OnError:", printable(err))
			}
		},
	}
	listener = rivulet.NewListener(config.url, handlers,
		source.WithRetry(retry.Policy{InitialDelay: config.every}),
		source.WithMaxEventBytes(64<<10),
		source.WithLogger(slog.New(slog.DiscardHandler)), // OnRetry reports it
	)
	return listener
}

// printable returns the text of an error, which may quote the server, for a terminal.
func printable(err error) string { return demo.Printable(err.Error(), "") }

func parse(arguments []string, stderr io.Writer) (config, error) {
	var c config
	flags := demo.Flags("listener", stderr)
	flags.StringVar(&c.url, "url", "", "follow the event stream at this `URL` instead of the embedded server's")
	flags.BoolVar(&c.lazy, "lazy", false, "connect only at the command start")
	flags.IntVar(&c.events, "events", 0, "end after `N` messages; 0 continues until quit")
	flags.DurationVar(&c.every, "every", 800*time.Millisecond, "how often the embedded server sends")
	err := demo.Parse(flags, arguments)
	return c, cmp.Or(err, demo.NotNegative("events", c.events), demo.Positive("every", c.every))
}
