// Dashboard follows the prices of several exchanges, shows the best offer for each item on the terminal and on a web page,
// and raises an alert when an exchange falls silent.
//
// It has three exchanges of its own; -feed follows others.
package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"time"

	"github.com/rivulet-go/rivulet/observable"
	"github.com/rivulet-go/rivulet/operators"
)

type config struct {
	feeds          []feed
	addr           string
	boards         int
	every, silence time.Duration
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends the process
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	if err != nil && !errors.Is(err, flag.ErrHelp) && ctx.Err() == nil {
		fmt.Fprintln(os.Stderr, "dashboard:", printable(err.Error()))
		os.Exit(1)
	}
}

// run is the program.
func run(ctx context.Context, arguments []string, stdout, stderr io.Writer) error {
	config, err := parse(arguments, stderr)
	if err != nil {
		return err
	}
	if len(config.feeds) == 0 {
		url, stop, err := serve("localhost:0", newExchanges(config.every))
		if err != nil {
			return err
		}
		defer stop()
		for _, name := range exchanges {
			config.feeds = append(config.feeds, feed{name, url + "/" + name})
		}
	}
	boards := newBoards(config.feeds, config.silence, stderr)
	if config.addr != "" {
		url, stop, err := serve(config.addr, newPage(boards))
		if err != nil {
			return err
		}
		defer stop()
		fmt.Fprintln(stdout, "The page is at", url)
	}
	if config.boards > 0 {
		boards = operators.Take(boards, config.boards)
	}
	return lines(boards).ForEach(ctx, func(line string) { fmt.Fprintln(stdout, line) })
}

// lines emits what the terminal shows: alerts, and the best offers that have changed.
func lines(boards observable.Observable[board]) observable.Observable[string] {
	changes := operators.Pairwise(operators.StartWith(boards, board{}))
	return operators.Flatten(operators.Map(changes, func(pair [2]board) []string { return pair[1].since(pair[0]) }))
}

func parse(arguments []string, stderr io.Writer) (config, error) {
	var c config
	flags := flag.NewFlagSet("dashboard", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Func("feed", "follow the `name=URL` of an exchange instead of the embedded ones; may be repeated", func(s string) error {
		name, url, found := strings.Cut(s, "=")
		if !found {
			return errors.New("it must be name=URL")
		}
		c.feeds = append(c.feeds, feed{name, url})
		return nil
	})
	flags.StringVar(&c.addr, "addr", "localhost:8080", "serve the page at this `address`; \"\" serves none")
	flags.IntVar(&c.boards, "boards", 0, "end after `N` changes; 0 means no limit")
	flags.DurationVar(&c.every, "every", 300*time.Millisecond, "the time between two prices of an embedded exchange")
	flags.DurationVar(&c.silence, "silence", 3*time.Second, "how long an exchange may be silent")
	err := flags.Parse(arguments)
	if min(c.every, c.silence) <= 0 || c.boards < 0 {
		err = cmp.Or(err, errors.New("-every and -silence must be positive, -boards must not be negative"))
	}
	return c, err
}

// serve serves a handler until stop is called.
func serve(addr string, handler http.Handler) (url string, stop func(), err error) {
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return "", nil, err
	}
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = server.Serve(listener) }() // returns when it is closed
	return "http://" + listener.Addr().String(), func() { _ = server.Close() }, nil
}
