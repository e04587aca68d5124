// Visitors follows the visitors of a site, live: it connects to a stream of Server-Sent Events, folds the events into a
// model with a rolling history of 20 countries, prints each change, and shows the model on a web page.
//
// It has a server of its own, which invents visitors; -url follows another one.
package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"time"

	"github.com/rivulet-go/rivulet/examples/internal/demo"
)

type config struct {
	url    string
	events int
	addr   string
	every  time.Duration
}

func main() { demo.Main("visitors", run) }

// run is the program. It ends without an error when ctx is done.
func run(ctx context.Context, arguments []string, stdout, stderr io.Writer) (err error) {
	config, err := parse(arguments, stderr)
	if err != nil {
		return err
	}
	if config.url == "" {
		visitors, err := demo.Serve("localhost:0", newFeed(config.every))
		if err != nil {
			return err
		}
		defer visitors.Close()
		config.url = visitors.URL + "/visitors"
		fmt.Fprintln(stdout, "The events are at", config.url)
	}
	readers := 1
	if config.addr != "" {
		readers++
	}
	follower := newFollower(config.url, readers, stderr)
	if config.addr != "" {
		page, err := demo.Serve(config.addr, newPage(follower))
		if err != nil {
			return err
		}
		defer page.Close()
		fmt.Fprintln(stdout, "The page is at", page.URL)
	}
	err = follower.follow(ctx, config.events, stdout)
	if ctx.Err() != nil {
		return nil // Ctrl-C
	}
	return err
}

func parse(arguments []string, stderr io.Writer) (config, error) {
	var c config
	flags := demo.Flags("visitors", stderr)
	flags.StringVar(&c.url, "url", "", "follow the event stream at this `URL` instead of the embedded server's")
	flags.IntVar(&c.events, "events", 0, "end after `N` visitors; 0 continues until Ctrl-C")
	flags.StringVar(&c.addr, "addr", "localhost:8080", "serve the page at this `address`; \"\" serves none")
	flags.DurationVar(&c.every, "every", 800*time.Millisecond, "how often the embedded server has a visitor")
	err := demo.Parse(flags, arguments)
	return c, cmp.Or(err, demo.NotNegative("events", c.events), demo.Positive("every", c.every))
}
