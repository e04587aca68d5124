// Orderbook follows the order book of an exchange over a WebSocket: it applies the changes that the exchange sends to a
// snapshot of the book, fetches a new snapshot after every lost connection, and shows the best prices on a web page.
//
// It brings an exchange of its own, which cuts every connection after a few seconds. A checksum in each change proves
// that the book stays right all the same.
package main

import (
	"context"
	"embed"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/sink"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "orderbook:", err)
		os.Exit(1)
	}
}

type config struct {
	addr    string
	changes int
	every   time.Duration
	cut     time.Duration
}

func parse(arguments []string, stderr io.Writer) (c config, err error) {
	flags := flag.NewFlagSet("orderbook", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.StringVar(&c.addr, "addr", "localhost:8080", "serve the page on this `address`; empty for no page")
	flags.IntVar(&c.changes, "changes", 0, "end after `N` changes; 0 continues until Ctrl-C")
	flags.DurationVar(&c.every, "every", 50*time.Millisecond, "the `time` between two changes")
	flags.DurationVar(&c.cut, "cut", 5*time.Second, "how long a connection lasts, on average")
	if err := flags.Parse(arguments); err != nil {
		return c, err
	}
	if c.every <= 0 || c.cut <= 0 || c.changes < 0 || flags.NArg() > 0 {
		return c, errors.New("-every and -cut must be positive, -changes must not be negative, and there are no arguments")
	}
	return c, nil
}

// run is the program. It ends without an error when ctx is done.
func run(ctx context.Context, arguments []string, stdout, stderr io.Writer) error {
	config, err := parse(arguments, stderr)
	if err != nil {
		return err
	}
	trading, stopTrading := context.WithCancel(context.Background())
	defer stopTrading()
	exchange := newExchange(trading, config.every, config.cut)
	url, closeExchange, err := serve("localhost:0", exchange)
	if err != nil {
		return err
	}
	defer closeExchange()

	logger := slog.New(slog.NewTextHandler(stderr, nil))
	views := operators.Share(follow(url, logger))
	if config.addr != "" {
		page, closePage, err := serve(config.addr, newPage(views))
		if err != nil {
			return err
		}
		defer closePage()
		fmt.Fprintln(stdout, "The page is at", page)
	}
	if config.changes > 0 {
		views = operators.Take(views, config.changes)
	}
	seen := 0
	err = views.ForEach(ctx, func(v View) {
		if seen++; seen%50 == 0 {
			fmt.Fprintf(stdout, "change %d, connection %d: %s\n", v.Seq, v.Connection, best(v))
		}
	})
	if ctx.Err() != nil {
		return nil // Ctrl-C
	}
	return err
}

// best returns the best prices of a view.
func best(v View) string {
	if len(v.Bids) == 0 || len(v.Asks) == 0 {
		return "one side is empty"
	}
	return fmt.Sprintf("%d at %d / %d at %d", v.Bids[0].Amount, v.Bids[0].Price, v.Asks[0].Amount, v.Asks[0].Price)
}

//go:embed page
var files embed.FS

// blink is how long a view stays on the screen: faster changes cannot be seen.
const blink = 50 * time.Millisecond

// newPage is the web page: its files, and the views as a stream of events on /views.
func newPage(views observable.Observable[View]) http.Handler {
	static, err := fs.Sub(files, "page")
	if err != nil {
		panic(err) // the folder is embedded
	}
	page := http.NewServeMux()
	page.Handle("GET /", http.FileServerFS(static))
	page.Handle("GET /views", sink.EventSource(operators.Audit(views, blink), sink.Config[View]{Replay: 1, ReplayToAll: true}))
	return page
}

// serve serves a handler in the background. stop ends it and its responses.
func serve(addr string, handler http.Handler) (url string, stop func(), err error) {
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return "", nil, err
	}
	ctx, cancel := context.WithCancel(context.Background())
	server := &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 10 * time.Second,
		BaseContext:       func(net.Listener) context.Context { return ctx },
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = server.Serve(listener) // returns when it is closed
	}()
	return "http://" + listener.Addr().String(), func() {
		cancel()
		_ = server.Close()
		<-done
	}, nil
}
