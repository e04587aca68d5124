// Search is a type-ahead search. It types words letter by letter, asks a search server when the typing pauses, and
// cancels a request that is no longer wanted.
//
// It has a server of its own, which searches the names of Go's standard packages; -url asks another one.
package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"time"
	"unicode"

	"github.com/rivulet-go/rivulet/operators"
)

type config struct {
	url                   string
	words                 []string
	every, pause, latency time.Duration
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	if err != nil && !errors.Is(err, flag.ErrHelp) && ctx.Err() == nil {
		fmt.Fprintln(os.Stderr, "search:", printable(err.Error()))
		os.Exit(1)
	}
}

// run is the program.
func run(ctx context.Context, arguments []string, stdout, stderr io.Writer) error {
	config, err := parse(arguments, stderr)
	if err != nil {
		return err
	}
	if config.url == "" {
		index := &index{latency: config.latency}
		url, stop, err := index.serve()
		if err != nil {
			return err
		}
		defer func() {
			stop()
			fmt.Fprintf(stdout, "The server had %d requests; %d were canceled.\n", index.requests.Load(), index.canceled.Load())
		}()
		config.url = url
	}
	// The display and the search share one run of the typing, which begins when both observe it. Merge brings their lines
	// together, so that one goroutine prints them.
	typed := operators.Publish(typing(config.words, config.every, config.pause*3/2)).AutoConnect(2)
	display := operators.Map(typed, func(text string) string { return fmt.Sprintf("typed %q", text) })
	client := &client{http: http.DefaultClient, url: config.url}
	results := operators.Map(answers(typed, config.pause, client.search), answer.String)
	return operators.Merge(display, results).ForEach(ctx, func(line string) { fmt.Fprintln(stdout, line) })
}

func parse(arguments []string, stderr io.Writer) (config, error) {
	var c config
	flags := flag.NewFlagSet("search", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.StringVar(&c.url, "url", "", "ask the server at this `URL` instead of the embedded one")
	flags.DurationVar(&c.every, "every", 80*time.Millisecond, "the time between two letters")
	flags.DurationVar(&c.pause, "pause", 200*time.Millisecond, "how long the typing must pause before a search")
	flags.DurationVar(&c.latency, "latency", 700*time.Millisecond, "how long the embedded server searches")
	err := flags.Parse(arguments)
	c.words = flags.Args()
	if len(c.words) == 0 {
		c.words = []string{"js", "json", "http", "nothing like it"}
	}
	if min(c.every, c.pause, c.latency) <= 0 {
		err = cmp.Or(err, errors.New("-every, -pause and -latency must be positive"))
	}
	return c, err
}

// printable returns a text from the network without the characters that a terminal obeys.
func printable(text string) string {
	return strings.Map(func(c rune) rune {
		if unicode.IsControl(c) || unicode.Is(unicode.Bidi_Control, c) {
			return -1
		}
		return c
	}, text)
}
