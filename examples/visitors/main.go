// Visitors follows the visitors of a site, live: it connects to a stream of Server-Sent Events, folds the events into a
// model with a rolling history of 20 countries, prints each change, and shows the model on a web page.
//
// It brings a server of its own, which makes visitors up; -url follows another one.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"
)

type config struct {
	url    string
	events int
	addr   string
	every  time.Duration
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "visitors:", err)
		os.Exit(1)
	}
}

// run is the program. It ends without an error when ctx is done.
func run(ctx context.Context, arguments []string, stdout, stderr io.Writer) (err error) {
	config, err := parse(arguments, stderr)
	if err != nil {
		return err
	}
	if config.url == "" {
		visitors, err := serve("localhost:0", newFeed(config.every))
		if err != nil {
			return err
		}
		defer visitors.close()
		config.url = visitors.url + "/visitors"
	}
	follower := newFollower(ctx, config.url, stderr)
	if config.addr != "" {
		page, err := serve(config.addr, newPage(follower))
		if err != nil {
			return err
		}
		defer page.close()
		fmt.Fprintln(stdout, "The page is at", page.url)
	}
	err = follower.follow(config.events, stdout)
	if ctx.Err() != nil {
		return nil // Ctrl-C
	}
	return err
}

func parse(arguments []string, stderr io.Writer) (config, error) {
	var c config
	flags := flag.NewFlagSet("visitors", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.StringVar(&c.url, "url", "", "follow the event stream at this `URL` instead of the embedded server's")
	flags.IntVar(&c.events, "events", 0, "end after `N` visitors; 0 goes on until Ctrl-C")
	flags.StringVar(&c.addr, "addr", "localhost:8080", "serve the page at this `address`; \"\" serves none")
	flags.DurationVar(&c.every, "every", 800*time.Millisecond, "how often the embedded server has a visitor")
	switch err := flags.Parse(arguments); {
	case err != nil:
		return c, err
	case flags.NArg() > 0:
		return c, fmt.Errorf("unexpected argument %q", flags.Arg(0))
	case c.events < 0:
		return c, fmt.Errorf("-events is %d, it must not be negative", c.events)
	case c.every <= 0:
		return c, fmt.Errorf("-every is %v, it must be positive", c.every)
	}
	return c, nil
}
